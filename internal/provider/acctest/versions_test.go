package acctest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// versionCase is a lookup with latest_version. Only the images of the case match it.
type versionCase struct {
	name      string
	images    []string // see catalogue
	arguments string   // more arguments, such as `framework = "PyTorch", version = "~> 2.8"`
	want      string   // URI of the selected image; "" if the lookup fails

	summary string   // summary of the error
	line    string   // line of the configuration that the CLI shows for the error; "" for latest_version = true
	facts   []string // parts of the error's detail
	choices []choice // all filters that the error suggests, in the order of the detail
}

// choice is a suggestion of an error, and the image that the lookup selects with it.
type choice struct {
	arguments string
	want      string // URI
	instead   bool   // the arguments replace latest_version
}

// argument matches an argument of pai_image, and suggestion matches one or more of them.
var (
	argument   = `[a-z_]+ = (?:"(?:[^"\\]|\\.)*"|true)`
	suggestion = regexp.MustCompile(argument + "(?:, " + argument + ")*")
)

// repositoryRow matches a row of the table in the error about several repositories.
var repositoryRow = regexp.MustCompile(`(?m)^  (\S+) +[0-9]+ +\S+ +\S+$`)

// TestAccVersions checks the image that a lookup with latest_version selects, or its error. It also applies each filter
// that an error suggests, and checks that the lookup then selects the promised image.
func TestAccVersions(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	cases := slices.Concat(versionImageCases, versionErrorCases)
	var catalogue []paisandbox.Image
	var failing, selecting strings.Builder
	for _, c := range cases {
		catalogue = append(catalogue, c.catalogue()...)
		if c.summary != "" {
			failing.WriteString(c.block(c.id(), choice{}))
		} else {
			selecting.WriteString(c.block(c.id(), choice{}))
		}
		for i, choice := range c.choices {
			selecting.WriteString(c.block(c.choiceID(i), choice))
		}
	}
	dir := newWorkingDir(t, providertest.Start(t, paisandbox.Options{Catalogue: catalogue}), failing.String())
	diagnostics := decodeDiagnostics(t, dir.runStatus(1, "plan", "-json", "-input=false"))
	dir.write("main.tf", requiredProviders+selecting.String())
	outputs, warnings := dir.plannedOutputs()
	if outputs == nil || len(warnings) != 0 {
		t.Fatalf("the plan of the selected images failed or has warnings: %v", warnings)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.summary == "" {
				c.wantImage(t, outputs[c.id()], c.want)
			} else {
				c.checkError(t, diagnostics)
			}
			for i, choice := range c.choices {
				t.Run(choice.arguments, func(t *testing.T) { c.wantImage(t, outputs[c.choiceID(i)], choice.want) })
			}
		})
	}
}

// id returns the name of the case's data source and output. It is also the workspace of the case's images.
func (c versionCase) id() string {
	return strings.ToLower(regexp.MustCompile(`\W+`).ReplaceAllString(c.name, "_"))
}

func (c versionCase) choiceID(i int) string { return fmt.Sprintf("%s_choice_%d", c.id(), i) }

// catalogue returns the images of the case. The text of an image is its URI and its labels, separated by spaces. Each
// image is a day newer than the previous one, and has a name such as that of an official image.
func (c versionCase) catalogue() []paisandbox.Image {
	images := make([]paisandbox.Image, len(c.images))
	for i, text := range c.images {
		fields := strings.Fields(text)
		var labels []paisandbox.Label
		for _, label := range fields[1:] {
			key, value, _ := strings.Cut(label, "=")
			labels = append(labels, paisandbox.L(key, value))
		}
		images[i] = paisandbox.Custom(c.id(), expandURI(fields[0]), labels...).
			CreatedAt(time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)).
			With(func(i *paisandbox.Image) { i.Name = paisandbox.Value(path.Base(i.ImageURI.Or(""))) })
	}
	return images
}

// expandURI returns the URI of an image. If the text has only a repository and a tag, it adds a registry.
func expandURI(text string) string {
	if strings.Contains(text, "/") {
		return text
	}
	return "registry.cn-hangzhou.aliyuncs.com/pai/" + text
}

// block returns a data source with the case's arguments and those of the choice, and an output with the image's URI.
func (c versionCase) block(name string, choice choice) string {
	var lines []string
	arguments := regexp.MustCompile(argument).FindAllString(
		strings.Join([]string{"latest_version = true", c.arguments, choice.arguments}, ", "), -1)
	if choice.instead {
		arguments = arguments[1:]
	}
	for _, line := range arguments { // a later argument replaces an earlier one
		key, _, _ := strings.Cut(line, "=")
		lines = slices.DeleteFunc(lines, func(other string) bool { return strings.HasPrefix(other, key) })
		lines = append(lines, line)
	}
	return fmt.Sprintf("data \"pai_image\" %q {\nworkspace_id = %q\n%s\n}\n", name, c.id(), strings.Join(lines, "\n")) +
		fmt.Sprintf("output %q {\nvalue = data.pai_image.%s.image_uri\n}\n", name, name)
}

func (c versionCase) wantImage(t *testing.T, got any, want string) {
	t.Helper()
	if got != expandURI(want) {
		t.Errorf("the lookup selected %v, want %s\n%s", got, expandURI(want), strings.Join(c.images, "\n"))
	}
}

// checkError checks that the lookup has exactly one diagnostic, and that this is the error of the case.
func (c versionCase) checkError(t *testing.T, diagnostics []cliDiagnostic) {
	t.Helper()
	own := slices.DeleteFunc(slices.Clone(diagnostics), func(d cliDiagnostic) bool {
		return d.Address != "data.pai_image."+c.id()
	})
	if len(own) != 1 {
		t.Fatalf("%d diagnostics, want 1: %v", len(own), own)
	}
	want := cliDiagnostic{Severity: "error", Summary: c.summary, Address: own[0].Address, Detail: own[0].Detail}
	want.Snippet.Code = "latest_version = true"
	if c.line != "" {
		want.Snippet.Code = c.line
	}
	if diff := cmp.Diff(want, own[0]); diff != "" {
		t.Errorf("diagnostic (-want +got):\n%s", diff)
	}
	wantOutput(t, strings.Join(strings.Fields(own[0].Detail), " "), c.facts...)
	var choices []string
	for _, choice := range c.choices {
		choices = append(choices, choice.arguments)
	}
	if diff := cmp.Diff(choices, c.suggestions(own[0])); diff != "" {
		t.Errorf("suggested filters (-want +got):\n%s\n%s", diff, own[0].Detail)
	}
}

// suggestions returns the filters that an error suggests, in the order of the detail.
func (c versionCase) suggestions(d cliDiagnostic) []string {
	var found []string
	add := func(arguments string) {
		isConfigured := strings.Contains(c.arguments, arguments)
		if !isConfigured && !slices.Contains(found, arguments) {
			found = append(found, arguments)
		}
	}
	for paragraph := range strings.SplitSeq(d.Detail, "\n\n") {
		if strings.HasPrefix(paragraph, "Filters:") {
			continue
		}
		for _, row := range repositoryRow.FindAllStringSubmatch(paragraph, -1) {
			add(fmt.Sprintf("repository = %q", row[1]))
		}
		for _, arguments := range suggestion.FindAllString(paragraph, -1) {
			add(arguments)
		}
	}
	return found
}
