package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unreachable maps the summaries of errors that no configuration causes to the reason.
var unreachable = map[string]string{
	"Invalid filter":                       "the validators of version and name_regex reject the same values",
	"Cannot write the images to the state": "every server of the provider supports it",
	"Invalid provider configuration":       "the client rejects only options that the provider checks",
	"Image lookup failed":                  "every error of the client has a type",
}

// TestDiagnosticsAreComplete checks that every summary in the source occurs in testdata/diagnostics.golden.
func TestDiagnosticsAreComplete(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile(filepath.Join("testdata", "diagnostics.golden"))
	if err != nil {
		t.Fatal(err)
	}
	found := sourceSummaries(t, ".")
	for _, summary := range slices.Sorted(maps.Keys(found)) {
		_, exempt := unreachable[summary]
		if strings.Contains(string(golden), ": "+summary) == exempt {
			t.Errorf("%q is in the golden file: %t, and listed as unreachable: %t", summary, !exempt, exempt)
		}
	}
	for summary := range unreachable {
		if !found[summary] {
			t.Errorf("no diagnostic has the summary %q", summary)
		}
	}
	if len(found) < 25 {
		t.Errorf("only %d summaries found: %q", len(found), slices.Sorted(maps.Keys(found)))
	}
}

// TestTroubleshootingIsComplete checks that the tables of the guide Troubleshooting have exactly one row for each
// summary in the source and in testdata/diagnostics.golden, and no row for any other.
func TestTroubleshootingIsComplete(t *testing.T) {
	t.Parallel()
	want := sourceSummaries(t, ".")
	maps.Copy(want, sourceSummaries(t, filepath.Join("..", "signin")))
	golden, err := os.ReadFile(filepath.Join("testdata", "diagnostics.golden"))
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range goldenSummary.FindAllStringSubmatch(string(golden), -1) {
		want[match[1]] = true
	}
	want["Invalid function argument"] = true // the CLI sets the summaries of a function's errors
	shortened := make(map[string]bool)
	for summary := range want {
		if _, ok := unreachable[summary]; !ok {
			shortened[summaryEnd.ReplaceAllString(summary, "${1}…")] = true
		}
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "troubleshooting.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	rows := make(map[string]int)
	for _, table := range strings.Split(string(page), "\n| message | cause | fix |\n| --- | --- | --- |\n")[1:] {
		table, _, _ = strings.Cut(table, "\n\n")
		for row := range strings.Lines(table) {
			for summary := range strings.SplitSeq(strings.Split(row, " | ")[0][len("| "):], ", ") {
				if rows[summary]++; rows[summary] > 1 || !shortened[summary] {
					t.Errorf("row %d for %q, which is a summary: %t", rows[summary], summary, shortened[summary])
				}
			}
		}
	}
	for summary := range shortened {
		if rows[summary] == 0 {
			t.Errorf("templates/guides/troubleshooting.md.tmpl has no row for %q", summary)
		}
	}
}

var (
	// goldenSummary matches the summary of a diagnostic in a golden file.
	goldenSummary = regexp.MustCompile(`(?m)^(?:Error|Warning): (.+)$`)

	// summaryEnd matches a summary that ends in the name of an argument or of a request.
	summaryEnd = regexp.MustCompile(`^(Invalid value for |Missing permission for ).*$`)
)

// sourceSummaries returns the summaries in the source files below a folder.
func sourceSummaries(t *testing.T, folder string) map[string]bool {
	t.Helper()
	found := make(map[string]bool)
	err := filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, file, nil, 0)
		if err != nil {
			return err
		}
		s := summaries{found: found, unknown: func(e ast.Expr) {
			t.Errorf("%s: the summary of a diagnostic is neither a literal nor a variable named summary",
				files.Position(e.Pos()))
		}}
		ast.Inspect(parsed, s.inspect)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// summaryArguments maps functions of the framework, of signin and of workspaces to the index of their argument for the
// summary.
var summaryArguments = map[string]int{
	"AddError": 0, "AddWarning": 0, "AddAttributeError": 1, "AddAttributeWarning": 1,
	"NewErrorDiagnostic": 0, "NewWarningDiagnostic": 0, "NewAttributeErrorDiagnostic": 1,
	"NewAttributeWarningDiagnostic": 1, "warnf": 0, "addGetError": 1,
}

// summaries collects the summaries of diagnostics in a source file. They are arguments of the framework's functions, or
// values of variables, fields and results named summary.
type summaries struct {
	found   map[string]bool
	unknown func(ast.Expr) // called if an argument is neither a literal nor named summary
}

func (s *summaries) inspect(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.CallExpr:
		if function, ok := n.Fun.(*ast.SelectorExpr); ok {
			if i, ok := summaryArguments[function.Sel.Name]; ok && i < len(n.Args) && !s.addFirstLiteral(n.Args[i]) &&
				!isNamedSummary(n.Args[i]) {
				s.unknown(n.Args[i])
			}
		}
	case *ast.AssignStmt:
		for i, variable := range n.Lhs {
			if isNamedSummary(variable) && len(n.Lhs) == len(n.Rhs) {
				s.addFirstLiteral(n.Rhs[i])
			}
		}
	case *ast.KeyValueExpr:
		if isNamedSummary(n.Key) {
			s.addFirstLiteral(n.Value)
		}
	case *ast.CompositeLit:
		s.addStructs(n)
	case *ast.FuncDecl:
		if i := summaryIndex(n.Type.Results); i >= 0 && n.Body != nil {
			ast.Inspect(n.Body, func(node ast.Node) bool {
				if statement, ok := node.(*ast.ReturnStmt); ok && i < len(statement.Results) {
					s.addFirstLiteral(statement.Results[i])
				}
				return true
			})
		}
	}
	return true
}

// addStructs adds the summaries in a map or slice literal of structs, if the struct type has a field named summary and
// the literal omits field names.
func (s *summaries) addStructs(literal *ast.CompositeLit) {
	var element ast.Expr
	switch collection := literal.Type.(type) {
	case *ast.MapType:
		element = collection.Value
	case *ast.ArrayType:
		element = collection.Elt
	}
	structure, ok := element.(*ast.StructType)
	if !ok {
		return
	}
	i := summaryIndex(structure.Fields)
	for _, value := range literal.Elts {
		if pair, ok := value.(*ast.KeyValueExpr); ok {
			value = pair.Value
		}
		if members, ok := value.(*ast.CompositeLit); ok && i >= 0 && i < len(members.Elts) {
			s.addFirstLiteral(members.Elts[i])
		}
	}
}

// addFirstLiteral adds the first string literal of an expression. It reports whether the expression has one.
func (s *summaries) addFirstLiteral(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			if text != "" {
				s.found[text] = true
			}
			return true
		}
	case *ast.BinaryExpr:
		return s.addFirstLiteral(e.X) || s.addFirstLiteral(e.Y)
	}
	return false
}

// isNamedSummary reports whether the expression is a variable or a field named summary.
func isNamedSummary(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "summary"
	case *ast.SelectorExpr:
		return e.Sel.Name == "summary"
	}
	return false
}

// summaryIndex returns the index of the field named summary, or -1 if there is none.
func summaryIndex(fields *ast.FieldList) int {
	if fields == nil {
		return -1
	}
	i := 0
	for _, field := range fields.List {
		for _, name := range field.Names {
			if name.Name == "summary" {
				return i
			}
			i++
		}
	}
	return -1
}
