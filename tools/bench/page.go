package main

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/template"
	"time"

	"terraform.local/pai/terraform-provider-pai/tools/bench/measure"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

//go:embed page.md.tmpl
var pageText string

// page is what the text around the figures is filled with: every figure in it comes from the run or from what the run was told.
type page struct {
	Machine  machine
	Effort   measure.Effort
	Findings measure.Findings
	Took     time.Duration
}

// machine is where and of what it was measured.
type machine struct {
	Cores          int
	Go, OS         string
	CLIs           []string
	Date, Revision string
}

func lookAround(ctx context.Context, b *measure.Bench) (machine, error) {
	m := machine{
		Cores: runtime.NumCPU(), Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH,
		Date: time.Now().UTC().Format(time.DateOnly),
	}
	for _, cli := range b.CLIs {
		m.CLIs = append(m.CLIs, cli.Version)
	}
	var err error
	m.Revision, err = b.Revision(ctx)
	return m, err
}

// write writes page and chart.
func write(folder string, p page) error {
	text, err := p.render()
	if err != nil {
		return err
	}
	chart, err := report.Chart(p.Findings.Panels)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // as other folders of a checkout
		return err
	}
	for name, content := range map[string][]byte{"README.md": []byte(text), "growth.svg": chart} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil { //nolint:gosec // for everyone to read
			return err
		}
	}
	return nil
}

func (p page) render() (string, error) {
	parsed, err := template.New("page").Funcs(template.FuncMap{
		"table": report.Table, "runs": report.Runs, "missed": report.Missed, "count": report.Count, "join": strings.Join,
		"seconds": func(d time.Duration) string { return report.Of(report.Seconds, d.Seconds()).String() },
	}).Parse(pageText)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	err = parsed.Execute(&text, p)
	return text.String(), err
}
