package repository

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDirectDependencies checks that DESIGN.md has one complete row, with the right licence, for each direct dependency
// and for each tool, and no other rows.
func TestDirectDependencies(t *testing.T) {
	t.Parallel()
	design := readFile(t, "DESIGN.md")
	tools := make(map[string]string) // from module path to the folder of the go.mod
	for _, file := range glob(t, "tools/*/go.mod") {
		folder := filepath.Dir(file)
		for _, tool := range parseModule(t, folder).tools() {
			tools[tool] = folder
		}
	}
	dependencies := make(map[string]string)
	for _, requirement := range parseModule(t, ".").Require {
		if !requirement.Indirect {
			dependencies[requirement.Path] = "."
		}
	}
	checkRows(t, parseTable(t, design, "| module | why | instead | licence |"), dependencies)
	checkRows(t, parseTable(t, design, "| tool | why | instead | licence |"), tools)
}

// checkRows compares the rows of a table with modules, a map from module path to the folder of the go.mod.
func checkRows(t *testing.T, rows map[string][]string, modules map[string]string) {
	t.Helper()
	for path, folder := range modules {
		row, ok := rows[path]
		if !ok {
			t.Errorf("DESIGN.md has no row for %s, which %s/go.mod requires", path, folder)
			continue
		}
		if slices.Contains(row, "") {
			t.Errorf("DESIGN.md: the row for %s has an empty cell: %q", path, row)
		}
		if licence := findLicence(t, folder, path); licence != "" && licence != row[2] {
			t.Errorf("DESIGN.md: got licence %s for %s, want %s", row[2], path, licence)
		}
	}
	for path := range rows {
		if _, ok := modules[path]; !ok {
			t.Errorf("DESIGN.md has a row for %s, which is not a direct dependency", path)
		}
	}
}

// parseTable returns the table below the heading. The map's keys are the first column, its values the other three
// columns.
func parseTable(t *testing.T, document, heading string) map[string][]string {
	t.Helper()
	_, after, ok := strings.Cut(document, "\n"+heading+"\n")
	if !ok {
		t.Fatalf("DESIGN.md has no table %q", heading)
	}
	rows := make(map[string][]string)
	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 {
			t.Fatalf("got %d columns, want 4: %s", len(cells), line)
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if name := strings.Trim(cells[0], "`"); strings.Trim(name, "-") != "" {
			rows[name] = cells[1:]
		}
	}
	return rows
}

// module is the part of a go.mod file that the tests use.
type module struct {
	Module  struct{ Path string }
	Require []struct {
		Path     string
		Indirect bool
	}
	Tool []struct{ Path string }
}

func parseModule(t *testing.T, folder string) module {
	t.Helper()
	var m module
	if err := json.Unmarshal([]byte(runGo(t, folder, "mod", "edit", "-json")), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// tools returns the paths of the modules that contain the tools. For a tool of this repository, it returns the direct
// dependencies of its module.
func (m module) tools() []string {
	var paths []string
	for _, tool := range m.Tool {
		isOwn := tool.Path == m.Module.Path
		for _, requirement := range m.Require {
			if strings.HasPrefix(tool.Path+"/", requirement.Path+"/") || isOwn && !requirement.Indirect {
				paths = append(paths, requirement.Path)
			}
		}
	}
	return paths
}

// licencePatterns identify licences by the text of a licence file. The names are SPDX identifiers.
var licencePatterns = []struct{ licence, pattern, excludes string }{
	{"MIT", "Permission is hereby granted, free of charge", ""},
	{"Apache-2.0", "Apache License,? Version 2.0", ""},
	{"MPL-2.0", "Mozilla Public License,? [Vv]ersion 2.0", ""},
	{"GPL-3.0", "GNU GENERAL PUBLIC LICENSE Version 3", ""},
	{"BSD-3-Clause", "Redistributions of source code must retain.* Neither the name", ""},
	{"BSD-2-Clause", "Redistributions of source code must retain", "Neither the name"},
}

// findLicence returns the licences in a module's licence file. It returns "" if the module is not downloaded because
// its tool was never built.
func findLicence(t *testing.T, folder, path string) string {
	t.Helper()
	source := strings.TrimSpace(runGo(t, folder, "list", "-m", "-f", "{{.Dir}}", path))
	if source == "" {
		return ""
	}
	file := glob(t, filepath.Join(source, "LICENSE*"))[0]
	content := strings.Join(strings.Fields(readFile(t, file)), " ")
	var licences []string
	for _, p := range licencePatterns {
		matches := regexp.MustCompile(p.pattern).MatchString(content)
		if matches && (p.excludes == "" || !strings.Contains(content, p.excludes)) {
			licences = append(licences, p.licence)
		}
	}
	return strings.Join(licences, ", ")
}
