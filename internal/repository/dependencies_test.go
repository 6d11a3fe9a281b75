package repository

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDirectDependencies: DESIGN.md says of every direct dependency, of tests and tools too, why it is there, what would replace it
// and which licence it has, and of nothing else.
func TestDirectDependencies(t *testing.T) {
	t.Parallel()
	design := read(t, "DESIGN.md")
	files, err := filepath.Glob("tools/*/go.mod")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tools: %v", err)
	}
	tools := make(map[string]string) // each with the folder of its module
	for _, file := range files {
		folder := filepath.Dir(file)
		for _, tool := range parseModule(t, folder).tools() {
			tools[tool] = folder
		}
	}
	modules := make(map[string]string)
	for _, required := range parseModule(t, ".").Require {
		if !required.Indirect {
			modules[required.Path] = "."
		}
	}
	checkRows(t, tableUnder(t, design, "| module | why | instead | licence |"), modules)
	checkRows(t, tableUnder(t, design, "| tool | why | instead | licence |"), tools)
}

// checkRows holds a table against the modules that are required, each in a folder.
func checkRows(t *testing.T, rows map[string][]string, required map[string]string) {
	t.Helper()
	for module, folder := range required {
		row, listed := rows[module]
		if !listed {
			t.Errorf("%s/go.mod requires %s, of which DESIGN.md says nothing", folder, module)
			continue
		}
		if slices.Contains(row, "") {
			t.Errorf("DESIGN.md leaves something open of %s: %q", module, row)
		}
		if found := licences(t, folder, module); found != "" && found != row[2] {
			t.Errorf("DESIGN.md has %s under %s, and its file looks like %s", module, row[2], found)
		}
	}
	for module := range rows {
		if _, is := required[module]; !is {
			t.Errorf("DESIGN.md has %s, which is no direct dependency", module)
		}
	}
}

// tableUnder gives the rows of the table with this heading, by what stands in their first column: the other three columns.
func tableUnder(t *testing.T, text, heading string) map[string][]string {
	t.Helper()
	_, after, is := strings.Cut(text, "\n"+heading+"\n")
	if !is {
		t.Fatalf("DESIGN.md has no table %q", heading)
	}
	rows := make(map[string][]string)
	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 {
			t.Fatalf("%d columns: %s", len(cells), line)
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

// module is a go.mod, as Go itself reads it.
type module struct {
	Module  struct{ Path string }
	Require []struct {
		Path     string
		Indirect bool
	}
	Tool []struct{ Path string }
}

func parseModule(t *testing.T, folder string) (parsed module) {
	t.Helper()
	if err := json.Unmarshal([]byte(goCommand(t, folder, "mod", "edit", "-json")), &parsed); err != nil {
		t.Fatal(err)
	}
	return parsed
}

// tools are the modules of the tools: of a program's path, the module is a beginning. A tool of our own is what it is made from.
func (m module) tools() []string {
	var found []string
	for _, tool := range m.Tool {
		ours := tool.Path == m.Module.Path
		for _, required := range m.Require {
			if strings.HasPrefix(tool.Path+"/", required.Path+"/") || ours && !required.Indirect {
				found = append(found, required.Path)
			}
		}
	}
	return found
}

// phrases are how the text of a licence is known, by its name as SPDX has it.
var phrases = []struct{ licence, with, without string }{
	{"MIT", "Permission is hereby granted, free of charge", ""},
	{"Apache-2.0", "Apache License,? Version 2.0", ""},
	{"MPL-2.0", "Mozilla Public License,? [Vv]ersion 2.0", ""},
	{"GPL-3.0", "GNU GENERAL PUBLIC LICENSE Version 3", ""},
	{"BSD-3-Clause", "Redistributions of source code must retain.* Neither the name", ""},
	{"BSD-2-Clause", "Redistributions of source code must retain", "Neither the name"},
}

// licences are those of a module's file, empty where the module isn't on this machine, as a tool's that was never built.
func licences(t *testing.T, folder, module string) string {
	t.Helper()
	source := strings.TrimSpace(goCommand(t, folder, "list", "-m", "-f", "{{.Dir}}", module))
	if source == "" {
		return ""
	}
	files, err := filepath.Glob(filepath.Join(source, "LICENSE*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no licence: %v", module, err)
	}
	text := strings.Join(strings.Fields(read(t, files[0])), " ")
	var found []string
	for _, known := range phrases {
		if regexp.MustCompile(known.with).MatchString(text) && (known.without == "" || !strings.Contains(text, known.without)) {
			found = append(found, known.licence)
		}
	}
	return strings.Join(found, ", ")
}

func goCommand(t *testing.T, folder string, arguments ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", arguments...)
	command.Dir = folder
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	output, err := command.Output()
	if err != nil {
		t.Fatalf("go %s in %s: %v", strings.Join(arguments, " "), folder, err)
	}
	return string(output)
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
