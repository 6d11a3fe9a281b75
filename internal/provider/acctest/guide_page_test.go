package acctest

import (
	"flag"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// guidePage is a guide's page, with the quotes of CLI output in it.
type guidePage struct {
	name    string
	content string
	quotes  []string // contents of the code blocks with the language "text"

	mu       sync.Mutex
	compared map[string]bool // quotes that wantQuote has compared
}

// readGuidePage reads a guide's page and checks its files. At the end of the test, it checks that wantQuote
// has compared every quote of the page. It skips this check if -run selected only a part of the test.
func readGuidePage(t *testing.T, name string) *guidePage {
	t.Helper()
	content := readFile(t, filepath.Join(root, "templates", "guides", name+".md.tmpl"))
	p := &guidePage{name: name, content: content, compared: make(map[string]bool)}
	for i, part := range strings.Split(content, "```") {
		if quote, ok := strings.CutPrefix(part, "text\n"); ok && i%2 == 1 {
			p.quotes = append(p.quotes, quote)
		}
	}
	p.checkFiles(t)
	t.Cleanup(func() {
		onePart := strings.Count(flag.Lookup("test.run").Value.String(), "/") > 1
		if onePart || t.Failed() || t.Skipped() {
			return
		}
		for _, quote := range p.quotes {
			if !p.compared[quote] {
				t.Errorf("no test compares this quote of %s:\n%s", name, quote)
			}
		}
	})
	return p
}

// wantMessages checks that the output has an error, and that the summary of each error is in the first column
// of a table of the page. In this column, "…" matches the end of a summary.
func (p *guidePage) wantMessages(t *testing.T, output string) {
	t.Helper()
	var messages []string
	for _, row := range regexp.MustCompile(`(?m)^\| ([^|]+) \|`).FindAllStringSubmatch(p.content, -1) {
		messages = append(messages, strings.Split(row[1], ", ")...)
	}
	errs := regexp.MustCompile(`(?m)^Error: (.+)$`).FindAllStringSubmatch(output, -1)
	if len(errs) == 0 {
		t.Errorf("no error in the output:\n%s", output)
	}
	for _, err := range errs {
		if !slices.ContainsFunc(messages, func(message string) bool {
			start, ok := strings.CutSuffix(message, "…")
			return err[1] == message || ok && strings.HasPrefix(err[1], start)
		}) {
			t.Errorf("%s has no row for %q", p.name, err[1])
		}
	}
}

// checkFiles checks that the page shows every file of the guide's folder.
func (p *guidePage) checkFiles(t *testing.T) {
	t.Helper()
	folder := filepath.Join(root, "examples", "guides", p.name)
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		path := filepath.ToSlash(strings.TrimPrefix(file, root+"/"))
		if !strings.Contains(p.content, `"`+path+`" }}`) {
			t.Errorf("%s does not show %s", p.name, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// wantQuote compares the output with the quote that contains the key. Exactly one quote of the page must contain it.
// Ellipses divide the quote into pieces. The output must contain the pieces in the same order.
func (p *guidePage) wantQuote(t *testing.T, key, output string) {
	t.Helper()
	var quotes []string
	for _, quote := range p.quotes {
		if strings.Contains(quote, key) {
			quotes = append(quotes, quote)
		}
	}
	if len(quotes) != 1 {
		t.Fatalf("%s has %d quotes with %q, want 1", p.name, len(quotes), key)
	}
	p.mu.Lock()
	p.compared[quotes[0]] = true
	p.mu.Unlock()
	rest := output
	for piece := range strings.SplitSeq(quotes[0], "…") {
		piece = strings.TrimSpace(piece)
		_, after, ok := strings.Cut(rest, piece)
		if !ok {
			t.Errorf("%s quotes %q, which the output lacks or has in another order:\n%s", p.name, piece, output)
			return
		}
		rest = after
	}
}
