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

// reportPage holds the measurements and facts that page.md.tmpl shows.
type reportPage struct {
	Quick         bool
	Table         string
	Missed        []string
	Reads, Others string // output of benchstat: ReadDataSource, and all other benchmarks
	Cores         int
	Go, OS        string
	CLIs          []string
	Date, Commit  string
	Duration      time.Duration
}

func newPage(ctx context.Context, b bench, output []byte, rows []row) (reportPage, error) {
	p := reportPage{
		Quick: b.quick, Table: formatTable(rows), Missed: missedGoals(rows),
		Cores: runtime.NumCPU(), Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH,
		Date: time.Now().UTC().Format(time.DateOnly),
	}
	for _, cli := range filepath.SplitList(os.Getenv(clisVariable)) {
		version, err := runProgram(ctx, cli, "version")
		if err != nil {
			return reportPage{}, err
		}
		p.CLIs = append(p.CLIs, strings.SplitN(version, "\n", 2)[0])
	}
	// The checkout may belong to another user, as in many CI containers.
	commit, err := runProgram(ctx, "git", "-c", "safe.directory=*", "describe", "--always", "--dirty", "--exclude", "*")
	if err != nil {
		return reportPage{}, err
	}
	p.Commit = strings.Replace(strings.TrimSpace(commit), "-dirty", " with changes", 1)

	file, err := os.CreateTemp("", "pai-bench-")
	if err != nil {
		return reportPage{}, err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	if _, err := file.Write(output); err != nil {
		return reportPage{}, err
	}
	labeled := "results=" + file.Name()
	p.Reads, err = runProgram(ctx, b.benchstat, "-col", "/fill", "-filter", ".name:ReadDataSource", labeled)
	if err != nil {
		return reportPage{}, err
	}
	p.Others, err = runProgram(ctx, b.benchstat, "-filter", "-.name:ReadDataSource", labeled)
	return p, err
}

// clisVariable is the environment variable that contains the paths of the CLIs to measure.
const clisVariable = "PAI_BENCH_CLIS"

// runProgram runs a program and returns its standard output.
func runProgram(ctx context.Context, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // make bench sets the program
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", program, err)
	}
	return string(output), nil
}

// write writes the report and the chart into a folder.
func (p reportPage) write(folder string, all results) error {
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
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // folders of a checkout are readable
		return err
	}
	for name, content := range map[string][]byte{"README.md": text.Bytes(), "growth.svg": chart} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, content, 0o644); err != nil { //nolint:gosec // files of a checkout are readable
			return err
		}
	}
	return nil
}
