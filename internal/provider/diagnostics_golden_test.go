package provider

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

var update = flag.Bool("update", false, "write the golden files in testdata")

// diagnosticCase is a configuration that causes diagnostics.
type diagnosticCase struct {
	name         string
	environment  map[string]string
	unconfigured bool   // the data source is read before the provider is configured
	provider     values // provider block; with a data source, arguments added to providertest.SignedIn
	dataSource   string // if empty, the test only configures the provider
	block        values // block of the data source
	catalogue    []paisandbox.Image
	workspaces   []paisandbox.Workspace
	faults       []paisandbox.Fault
	prepare      func(t *testing.T, run *diagnosticRun) // called before the provider is configured; may be nil
	want         []string                               // severity and path of each diagnostic, sorted
	facts        []string                               // texts that the diagnostics contain
	requests     int                                    // minimum number of requests; if 0, no request may be sent
}

// diagnosticRun is one run of a case.
type diagnosticRun struct {
	sandbox  *paisandbox.Sandbox
	provider values
	cancel   context.CancelFunc // cancels the read
	replace  []string           // pairs of a text that differs between runs and its placeholder
}

// resultOf maps each data source to an attribute that is null without a result.
var resultOf = map[string]string{
	"pai_image": "matched_count", "pai_images": "ids", "pai_image_labels": "label_list", "pai_workspace": "status",
	"pai_workspaces": "ids",
}

// TestDiagnostics compares every error and warning with testdata/diagnostics.golden, which -update writes. It compares
// the severity, the path, the facts and the number of requests with the cases, which -update doesn't change.
func TestDiagnostics(t *testing.T) { //nolint:paralleltest // cases set environment variables
	cases := diagnosticCases()
	var sections []string
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sections = append(sections, c.run(t))
		})
	}
	for _, uri := range invalidURIs { //nolint:paralleltest // as above
		t.Run("parse_image_uri "+uri, func(t *testing.T) {
			sections = append(sections, functionError(t, uri))
		})
	}
	if len(sections) == len(cases)+len(invalidURIs) { // otherwise, -run selected only some of the cases
		compareGolden(t, "diagnostics.golden", strings.Join(sections, "\n\n"))
	}
}

// compareGolden compares text with a file in testdata, or writes it if -update is set.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got); -update writes it:\n%s", file, diff)
	}
}

// run runs the case and returns its section of the golden file.
func (c *diagnosticCase) run(t *testing.T) string {
	t.Helper()
	for name, value := range c.environment {
		t.Setenv(name, value)
	}
	catalogue := c.catalogue
	if catalogue == nil {
		catalogue = providertest.SmallCatalogue()
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	run := &diagnosticRun{
		sandbox:  providertest.Start(t, paisandbox.Options{Catalogue: catalogue, Workspaces: c.workspaces}),
		provider: values{}, cancel: cancel,
	}
	if c.dataSource != "" {
		run.provider = providertest.SignedIn(run.sandbox)
		run.provider["max_retries"] = 0
	}
	maps.Copy(run.provider, c.provider)
	if c.prepare != nil {
		c.prepare(t, run)
	}
	for _, fault := range c.faults {
		run.sandbox.AddFault(fault)
	}

	tf := newTerraform(t)
	var diagnostics []*tfprotov6.Diagnostic
	if !c.unconfigured {
		diagnostics = tf.Configure(run.provider)
	}
	if c.dataSource != "" && len(diagnostics) == 0 {
		tf.DataSource = c.dataSource
		read := tf.Read(ctx, c.block)
		diagnostics = read.Diagnostics
		if !slices.ContainsFunc(c.want, isError) {
			if tf.Decode(read)[resultOf[c.dataSource]] == nil {
				t.Error("a warning, and no results in state")
			}
		}
	}
	slices.SortFunc(diagnostics, func(a, b *tfprotov6.Diagnostic) int {
		return strings.Compare(providertest.Path(a)+a.Summary, providertest.Path(b)+b.Summary)
	})
	var got []string
	var texts strings.Builder
	for _, d := range diagnostics {
		severity := map[tfprotov6.DiagnosticSeverity]string{
			tfprotov6.DiagnosticSeverityError: "Error", tfprotov6.DiagnosticSeverityWarning: "Warning",
		}[d.Severity]
		got = append(got, strings.TrimSpace(strings.ToLower(severity)+" "+providertest.Path(d)))
		fmt.Fprintf(&texts, "\n\n%s: %s\nPath: %s\n\n%s",
			severity, d.Summary, cmp.Or(providertest.Path(d), "none"), indented(d.Detail))
	}
	if !slices.Equal(got, c.want) {
		t.Errorf("got %q, want %q", got, c.want)
	}
	if strings.ContainsFunc(texts.String(), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
		t.Errorf("control characters in %q", texts.String())
	}
	joined := strings.Join(strings.Fields(texts.String()), " ") // without the spaces that align a table
	checkHCL(t, texts.String())
	for _, fact := range c.facts {
		if !strings.Contains(joined, fact) {
			t.Errorf("%q is not in%s", fact, texts.String())
		}
	}
	if sent := len(run.sandbox.Requests()); sent < c.requests || c.requests == 0 && sent > 0 {
		t.Errorf("%d requests, want at least %d", sent, c.requests)
	}
	text := strings.NewReplacer(run.replace...).Replace(c.configuration() + texts.String())
	return "# " + c.name + "\n\n" + replacePlaceholders(text)
}

func isError(want string) bool { return strings.HasPrefix(want, "error") }

func indented(text string) string {
	return strings.ReplaceAll("    "+strings.ReplaceAll(text, "\n", "\n    "), "    \n", "\n")
}

// placeholderPatterns match text that differs between runs or between operating systems.
var placeholderPatterns = []struct {
	pattern     *regexp.Regexp
	replacement string
}{
	{regexp.MustCompile(`(read|write) tcp \S+: .*connection reset.*`), "$1 tcp HOST: connection reset"},
	{regexp.MustCompile(`127\.0\.0\.1:\d{2,}`), "HOST"},
	{regexp.MustCompile(`(?i)request id [0-9A-F-]{36}`), "request ID REQUEST"},
	{regexp.MustCompile(`https://api\.\S+`), "LINK"},
	{
		regexp.MustCompile(`(?m): (context deadline exceeded|net/http: request canceled)( \(Client\..*\))?(\.?)$`),
		": TIMEOUT$3",
	},
	{regexp.MustCompile(`(after|ends in) \d+(\.\d+)?m?s`), "$1 DURATION"},
	{regexp.MustCompile(`connect(ex)?: [^;\n]*refused[^;\n]*`), "connect: connection refused"},
}

func replacePlaceholders(text string) string {
	for _, p := range placeholderPatterns {
		text = p.pattern.ReplaceAllString(text, p.replacement)
	}
	return text
}

// configuration returns the part of the configuration that the case tests, in HCL.
func (c *diagnosticCase) configuration() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(c.environment)) {
		fmt.Fprintf(&b, "%s=%s\n", name, c.environment[name])
	}
	if len(c.environment) > 0 {
		b.WriteString("\n")
	}
	if c.dataSource == "" || len(c.provider) > 0 {
		b.WriteString("provider \"pai\" {\n" + hclArguments(c.provider, "  ") + "}\n")
	}
	if c.dataSource != "" && len(c.provider) > 0 {
		b.WriteString("\n")
	}
	if c.dataSource != "" {
		fmt.Fprintf(&b, "data %q \"this\" {\n%s}\n", c.dataSource, hclArguments(c.block, "  "))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// hclArguments returns the arguments of a block in HCL, one per line. It omits null arguments.
func hclArguments(block values, indent string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(block)) {
		nested, ok := block[name].(map[string]any)
		switch {
		case block[name] == nil:
		case ok && strings.HasPrefix(name, "assume_role"): // a block
			b.WriteString(indent + name + " {\n" + hclArguments(nested, indent+"  ") + indent + "}\n")
		default:
			b.WriteString(indent + name + " = " + hclValue(block[name]) + "\n")
		}
	}
	return b.String()
}

func hclValue(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case unknown:
		return "terraform_data.new.output"
	case string:
		return hcltext.Quote(v)
	case []any:
		elements := make([]string, len(v))
		for i := range v {
			elements[i] = hclValue(v[i])
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case map[string]any:
		var members []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			members = append(members, fmt.Sprintf("%s = %s", hclKey(key), hclValue(v[key])))
		}
		return "{ " + strings.Join(members, ", ") + " }"
	}
	return fmt.Sprint(value)
}

var hclIdentifier = regexp.MustCompile(`^[a-z_]+$`)

func hclKey(key string) string {
	if hclIdentifier.MatchString(key) {
		return key
	}
	return hcltext.Quote(key)
}
