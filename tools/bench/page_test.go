package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/tools/bench/measure"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

func somePage(result float64) page {
	return page{
		Machine: machine{Cores: 2, Go: "go1.99", OS: "plan9/mips", CLIs: []string{"Terraform v1.11.4", "OpenTofu v1.12.0"}, Date: "2026-01-02", Revision: "abc1234 with changes"},
		Effort:  measure.Full,
		Took:    90 * time.Second,
		Findings: measure.Findings{
			Lines: []report.Line{{Row: 2, What: "a plan", Ours: report.Of(report.Seconds, 1, 2, 3), Result: result, Goal: report.AtMost(1.15)}},
			Panels: []report.Panel{{Title: "plan", Y: "seconds", Scale: 1, Series: []report.Series{{
				Name: "ours", Points: []report.Point{{Images: 100, Sample: report.Of(report.Seconds, 1)}, {Images: 200, Sample: report.Of(report.Seconds, 2)}},
			}}}},
		},
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	text, err := somePage(1.32).render()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"| 2    | a plan | 2.00 s   |         | 1.32   | at most 1.15 | **not met**, by 0.17 |\n",
		"\n- Goal 2, a plan: 1.32, and should be at most 1.15. ",
		"| 2    | a plan | 3    | 1.00 s to 3.00 s |",
		"2026-01-02, commit abc1234 with changes: 2 cores, plan9/mips, go1.99, Terraform v1.11.4, OpenTofu v1.12.0. The run took 90.0 s.",
		"**3. A listing of 2,000 images** where every request takes 200 ms,", "for 500 ms or one call",
		"![How cost grows with the number of images](growth.svg)",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q:\n%s", part, text)
		}
	}
	if strings.Contains(text, "Every goal is met") || strings.Contains(text, "quick run") || strings.Contains(text, "\n\n\n") {
		t.Errorf("got\n%s", text)
	}
}

func TestPageOfGoalsThatAreMet(t *testing.T) {
	t.Parallel()
	text, err := somePage(1.1).render()
	if err != nil || !strings.Contains(text, "\nEvery goal is met.\n") || strings.Contains(text, "not met") {
		t.Errorf("%v, got\n%s", err, text)
	}
}

func TestPageOfAQuickRun(t *testing.T) {
	t.Parallel()
	p := somePage(1.1)
	p.Effort = measure.Quick
	p.Findings.Lines[0].Goal = nil
	text, err := p.render()
	if err != nil || !strings.Contains(text, "**This is a quick run.**") || strings.Contains(text, "Every goal") {
		t.Errorf("%v, got\n%s", err, text)
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "docs", "performance")
	if err := write(folder, somePage(1)); err != nil {
		t.Fatal(err)
	}
	for name, begins := range map[string]string{"README.md": "<!-- Written by make bench", "growth.svg": "<?xml"} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || !strings.HasPrefix(string(content), begins) {
			t.Errorf("%s: %v, %.80s", name, err, content)
		}
	}
}
