package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// TestPage creates the report from the results in testdata and compares it with a golden file. The results miss one
// goal.
func TestPage(t *testing.T) {
	t.Parallel()
	output, err := os.ReadFile(filepath.Join("testdata", "benchmarks.txt"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := parseResults(string(output))
	if err != nil {
		t.Fatal(err)
	}
	rows := judge(all, false)
	folder := t.TempDir()
	p := reportPage{
		Table: formatTable(rows), Missed: missedGoals(rows), Reads: "a table\n", Others: "more tables\n",
		Cores: 2, Go: "go1.99", OS: "plan9/mips", CLIs: []string{"Terraform v1.11.4", "OpenTofu v1.12.0"},
		Date: "2026-01-02", Commit: "abc1234", Duration: 90 * time.Second,
	}
	if err := p.write(folder, all); err != nil {
		t.Fatal(err)
	}
	got := readFile(t, filepath.Join(folder, "README.md"))
	golden := filepath.Join("testdata", "page.md")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := readFile(t, golden); !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s\nTo accept the page, run go test with -update.", got, want)
	}
	checkXML(t, readFile(t, filepath.Join(folder, "growth.svg")))
}

// TestCheckMeasured removes each value from the results in testdata. checkMeasured must then return an error.
func TestCheckMeasured(t *testing.T) {
	t.Parallel()
	all, err := parseResults(string(readFile(t, filepath.Join("testdata", "benchmarks.txt"))))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkMeasured(all); err != nil {
		t.Error(err)
	}
	for _, g := range goals {
		for _, m := range []metric{g.ours, g.other} {
			rest := maps.Clone(all)
			delete(rest, m)
			if err := checkMeasured(rest); m != (metric{}) && (err == nil) != g.optional {
				t.Errorf("without %s of %s: got error %v, want one: %t", m.unit, m.benchmark, err, !g.optional)
			}
		}
	}
}

func checkXML(t *testing.T, content []byte) {
	t.Helper()
	for decoder := xml.NewDecoder(bytes.NewReader(content)); ; {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if bytes.Contains(content, []byte("NaN")) || bytes.Contains(content, []byte("Inf")) {
		t.Error("the chart has a point without a place")
	}
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		values sample
		want   float64
	}{
		{nil, 0}, {sample{3}, 3}, {sample{9, 1}, 5}, {sample{7, 1, 100}, 7}, {sample{4, 1, 3, 2}, 2.5},
	} {
		if got := tt.values.median(); got != tt.want {
			t.Errorf("median of %v: got %v, want %v", tt.values, got, tt.want)
		}
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		row  row
		want string
	}{
		{"no goal", row{result: 9}, ""},
		{"below", row{result: 1.14, goal: goal{atMost: 1.15}}, "met"},
		{"equal", row{result: 1.15, goal: goal{atMost: 1.15}}, "met"},
		{"above", row{result: 1.32, goal: goal{atMost: 1.15}}, "**missed** by 0.17"},
		{"enough", row{result: 80, goal: goal{atLeast: 80}}, "met"},
		{"not enough", row{result: 67.7, goal: goal{atLeast: 80}}, "**missed** by 12.30"},
		{"quick", row{result: 9, goal: goal{atMost: 1.15}, quick: true}, ""},
	} {
		if got := tt.row.verdict(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMissedGoals(t *testing.T) {
	t.Parallel()
	missed := func(number int, what, excuse string) row {
		return row{result: 2, goal: goal{number: number, what: what, atMost: 1, excuse: excuse}}
	}
	got := missedGoals([]row{
		missed(1, "a", "Reason."),
		{result: 1, goal: goal{number: 1, what: "met", atMost: 1}},
		missed(1, "b", "Reason."),
		missed(2, "c", ""), missed(3, "d", "Reason."),
	})
	want := []string{"Goal 1, a; b: Reason.", "Goal 2, c: The reason is not known yet.", "Goal 3, d: Reason."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
