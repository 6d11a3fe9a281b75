package acctest

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// What the guides float, pin and choose-once tell of: the image that fits at first, and what is published later.
const (
	pytorchRepository = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:"

	chosenTag  = "2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001"
	releaseTag = "2.10.1-gpu-py312-cu130-ubuntu24.04-5eed1e55-1768546801"
	rebuiltTag = "2.9.1-gpu-py312-cu130-ubuntu24.04-0ddba115-1769000000"
)

// startHangzhou runs a sandbox that lists what the guides' region lists.
func startHangzhou(t *testing.T) *paisandbox.Sandbox {
	t.Helper()
	return providertest.Start(t, paisandbox.Options{Region: paisandbox.DefaultRegion})
}

// pytorchImage is an official image like the one that fits at first. Its version stands first in the tag, and the second
// in which it was built last, or before what is last.
func pytorchImage(tag string) paisandbox.Image {
	version, _, _ := strings.Cut(tag, "-")
	var built int64
	for word := range strings.SplitSeq(tag, "-") {
		if seconds, err := strconv.ParseInt(word, 10, 64); err == nil {
			built = seconds
		}
	}
	return paisandbox.Official(pytorchRepository+tag, paisandbox.L("system.chipType", "GPU"),
		paisandbox.L("system.supported.dlc", "true"), paisandbox.L("system.framework.PyTorch", version)).CreatedAt(time.Unix(built, 0))
}

// strangersPyTorch is public, has the labels that are asked for and the highest version, and is not PAI's own.
func strangersPyTorch() paisandbox.Image {
	return paisandbox.Custom("66666", "stranger-registry.cn-hangzhou.cr.aliyuncs.com/stranger/pytorch:2.99.0",
		paisandbox.L("system.chipType", "GPU"), paisandbox.L("system.supported.dlc", "true"),
		paisandbox.L("system.framework.PyTorch", "2.99.0")).With(func(i *paisandbox.Image) {
		i.Accessibility = paisandbox.Value("PUBLIC")
	}).CreatedAt(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC))
}

// newWorkingDir is a folder with a configuration of a test's own, in which init has run.
func newWorkingDir(t *testing.T, sandbox *paisandbox.Sandbox, configuration string) *workingDir {
	t.Helper()
	dir := &workingDir{t: t, path: t.TempDir(), env: sandbox.Environ()}
	dir.write("main.tf", requiredProviders+configuration)
	dir.run("init", "-no-color", "-input=false")
	return dir
}

// write replaces a file of the guide's copy.
func (d *workingDir) write(file, content string) {
	d.t.Helper()
	writeFile(d.t, filepath.Join(d.path, file), content)
}

// edit changes a file of the guide's copy, in which the text must be, and gives what it was.
func (d *workingDir) edit(file, old, changed string) string {
	d.t.Helper()
	content, err := os.ReadFile(filepath.Join(d.path, file))
	if err != nil {
		d.t.Fatal(err)
	}
	if !strings.Contains(string(content), old) {
		d.t.Fatalf("%s has no %q", file, old)
	}
	d.write(file, strings.ReplaceAll(string(content), old, changed))
	return string(content)
}

// wantOutput looks for each text in what was printed.
func wantOutput(t *testing.T, output string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(output, text) {
			t.Errorf("%q is not said:\n%s", text, output)
		}
	}
}

// guidePage is a guide's page with the output that it quotes.
type guidePage struct {
	name   string
	blocks []string
	mu     sync.Mutex
	used   map[string]bool
}

// readGuidePage reads a page, which must show every file of its folder, link to every other guide but the one on signing
// in, which comes before them all, and quote nothing that the test doesn't compare.
func readGuidePage(t *testing.T, name string) *guidePage {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "templates", "guides", name+".md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	page := &guidePage{name: name, used: make(map[string]bool)}
	for i, part := range strings.Split(string(content), "```") {
		if block, is := strings.CutPrefix(part, "text\n"); is && i%2 == 1 {
			page.blocks = append(page.blocks, block)
		}
	}
	others, err := filepath.Glob(filepath.Join(root, "templates", "guides", "*.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range others {
		if file := strings.TrimSuffix(filepath.Base(other), ".tmpl"); file != name+".md" && file != "sign-in.md" && !strings.Contains(string(content), "("+file+")") {
			t.Errorf("%s has no link to %s", name, file)
		}
	}
	folder := filepath.Join(root, "examples", "guides", name)
	err = filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			path := filepath.ToSlash(strings.TrimPrefix(file, root+"/"))
			if !strings.Contains(string(content), `"`+path+`" }}`) {
				t.Errorf("%s does not show %s", name, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if strings.Count(flag.Lookup("test.run").Value.String(), "/") > 1 {
			return // only a part of the guide's test ran
		}
		for _, block := range page.blocks {
			if !t.Failed() && !t.Skipped() && !page.used[block] {
				t.Errorf("%s quotes what no test compares:\n%s", name, block)
			}
		}
	})
	return page
}

// quotes compares a quotation of the page, the one with the text, with what was printed: what stands between line ends and
// omissions must be there, in the same order.
func (p *guidePage) quotes(t *testing.T, text, output string) {
	t.Helper()
	var found []string
	for _, block := range p.blocks {
		if strings.Contains(block, text) {
			found = append(found, block)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d quotations with %q", p.name, len(found), text)
	}
	p.mu.Lock()
	p.used[found[0]] = true
	p.mu.Unlock()
	rest := output
	for _, piece := range strings.FieldsFunc(found[0], func(r rune) bool { return r == '\n' || r == '…' }) {
		if strings.TrimSpace(piece) == "" {
			continue
		}
		_, after, is := strings.Cut(rest, piece)
		if !is {
			t.Errorf("%s quotes %q, which is not said, or not there:\n%s", p.name, piece, output)
			return
		}
		rest = after
	}
}
