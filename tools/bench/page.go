package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/template"
	"time"
)

//go:embed page.md.tmpl
var pageTemplate string

// page holds all figures of the page.
type page struct {
	Quick         bool
	Table         string
	Missed        []string
	Reads, Others string // as benchstat prints them
	Cores         int
	Go, OS        string
	CLIs          []string
	Date, Commit  string
	Duration      time.Duration
}

func newPage(ctx context.Context, b bench, output []byte, rows []row) (page, error) {
	p := page{
		Quick: b.quick, Table: table(rows), Missed: missed(rows),
		Cores: runtime.NumCPU(), Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH,
		Date: time.Now().UTC().Format(time.DateOnly),
	}
	for _, cli := range filepath.SplitList(os.Getenv(clisVariable)) {
		version, err := printed(ctx, cli, "version")
		if err != nil {
			return page{}, err
		}
		p.CLIs = append(p.CLIs, strings.SplitN(version, "\n", 2)[0])
	}
	// The checkout may belong to another user, as in many CI containers.
	commit, err := printed(ctx, "git", "-c", "safe.directory=*", "describe", "--always", "--dirty", "--exclude", "*")
	if err != nil {
		return page{}, err
	}
	p.Commit = strings.Replace(strings.TrimSpace(commit), "-dirty", " with changes", 1)

	file, err := os.CreateTemp("", "pai-bench-")
	if err != nil {
		return page{}, err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if _, err := file.Write(output); err != nil {
		return page{}, err
	}
	labeled := "results=" + file.Name()
	if p.Reads, err = printed(ctx, b.benchstat, "-col", "/fill", "-filter", ".name:ReadDataSource", labeled); err != nil {
		return page{}, err
	}
	p.Others, err = printed(ctx, b.benchstat, "-filter", "-.name:ReadDataSource", labeled)
	return p, err
}

// clisVariable is the environment variable with the paths of the CLIs to measure with.
const clisVariable = "PAI_BENCH_CLIS"

// printed runs a program and returns its standard output.
func printed(ctx context.Context, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // make bench names the programs
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", program, err)
	}
	return string(output), nil
}

// write writes the page and the chart into a folder.
func (p page) write(folder string, all results) error {
	parsed, err := template.New("page").Funcs(template.FuncMap{"join": strings.Join}).Parse(pageTemplate)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := parsed.Execute(&text, p); err != nil {
		return err
	}
	chart, err := drawChart(all)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // as other folders of a checkout
		return err
	}
	for name, content := range map[string][]byte{"README.md": text.Bytes(), "growth.svg": chart} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, content, 0o644); err != nil { //nolint:gosec // as other files of a checkout
			return err
		}
	}
	return nil
}
