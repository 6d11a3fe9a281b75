package repository

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

const environmentPage = "docs/guides/environment-variables.md"

// libraryVariables are the variables that only Terraform and Go's standard library read, by what reads them. The
// provider's code doesn't contain their names.
var libraryVariables = map[string]string{
	"TF_LOG_PROVIDER": "Terraform and OpenTofu",
	"HTTP_PROXY":      "net/http",
	"SSL_CERT_FILE":   "crypto/x509",
	"SSL_CERT_DIR":    "crypto/x509",
	"HOME":            "os.UserHomeDir",
	"USERPROFILE":     "os.UserHomeDir",
}

// pageVariable matches a variable in a document, alone or with a value, such as `NAME=true`.
var pageVariable = regexp.MustCompile("`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)(?:=[^`]*)?`")

// TestEnvironmentVariables checks that the page of environment variables has each variable that the provider reads
// exactly once, and no other variable.
func TestEnvironmentVariables(t *testing.T) {
	t.Parallel()
	counts := make(map[string]int)
	for _, match := range pageVariable.FindAllStringSubmatch(readFile(t, environmentPage), -1) {
		counts[match[1]]++
	}
	read := codeVariables(t)
	for name := range libraryVariables {
		if read[name] {
			t.Errorf("the provider's code contains %s: remove it from libraryVariables", name)
		}
		read[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		if counts[name] != 1 {
			t.Errorf("%s has %s %d times, want 1", environmentPage, name, counts[name])
		}
		delete(counts, name)
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		t.Errorf("%s has %s, but the provider doesn't read it", environmentPage, name)
	}
}

// TestEnvironmentVariablesOfArguments checks that the page has the variables of each argument in the order in which the
// provider reads them, each in a row that names the argument.
func TestEnvironmentVariablesOfArguments(t *testing.T) {
	t.Parallel()
	page := readFile(t, environmentPage)
	arguments := append(slices.Clone(signin.Arguments),
		signin.Argument{Name: "endpoint", Variables: signin.EndpointVariables},
		signin.Argument{Name: "network", Variables: signin.NetworkVariables},
	)
	for _, argument := range arguments {
		name := argument.Name[strings.LastIndex(argument.Name, ".")+1:]
		end := 0 // of the previous variable
		for _, variable := range argument.Variables {
			position := strings.Index(page, "`"+variable+"`")
			if position < end {
				t.Errorf("%s of %s is missing, or is before a variable that the provider prefers", variable, argument.Name)
				continue
			}
			end = position
			row := page[strings.LastIndex(page[:position], "\n"):]
			row, _, _ = strings.Cut(row[1:], "\n")
			if !strings.Contains(row, "`"+name+"`") {
				t.Errorf("the row of %s lacks `%s`: %s", variable, name, row)
			}
		}
	}
}

// codeVariables returns a set of the environment variables in the code of the built provider. These are all string
// literals that look like one, such as "TF_APPEND_USER_AGENT", and the literal arguments of os.Getenv and os.LookupEnv.
func codeVariables(t *testing.T) map[string]bool {
	t.Helper()
	variable := regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)
	const format = `{{$dir := .Dir}}{{with .Module}}{{if .Main}}` + // not packages of other modules
		`{{range $.GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
	names := make(map[string]bool)
	for file := range strings.Lines(runGo(t, ".", "list", "-deps", "-f", format, ".")) {
		tree, err := parser.ParseFile(token.NewFileSet(), strings.TrimSpace(file), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(node.Value); err == nil && variable.MatchString(text) {
					names[text] = true
				}
			case *ast.CallExpr:
				function, ok := node.Fun.(*ast.SelectorExpr)
				if !ok || function.Sel.Name != "Getenv" && function.Sel.Name != "LookupEnv" {
					return true
				}
				if literal, ok := node.Args[0].(*ast.BasicLit); ok {
					names[strings.Trim(literal.Value, `"`)] = true
				}
			}
			return true
		})
	}
	if len(names) == 0 {
		t.Fatal("found no environment variable in the code")
	}
	return names
}
