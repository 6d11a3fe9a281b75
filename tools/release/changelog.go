package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
)

// unreleased is the date of an entry before its release.
const unreleased = "Unreleased"

// entry is the part of the changelog for one version.
type entry struct{ version, date, text string }

// sections are the section headings of Keep a Changelog, in order.
var sections = []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}

// readChangelog returns the newest entry of CHANGELOG.md. See parseChangelog for its format.
func readChangelog(checkout fs.FS) (entry, error) {
	content, err := fs.ReadFile(checkout, "CHANGELOG.md")
	if err != nil {
		return entry{}, err
	}
	newest, err := parseChangelog(string(content))
	if err != nil {
		return entry{}, fmt.Errorf("parse CHANGELOG.md: %w", err)
	}
	return newest, nil
}

// parseChangelog returns the newest entry of a changelog in the format of Keep a Changelog. Versions must be in
// descending order. Each entry must have at least one section and a date. Only the newest may have "Unreleased" in
// place of the date.
func parseChangelog(text string) (entry, error) {
	heading := regexp.MustCompile(`^\[(\d+\.\d+\.\d+)\] - (\S+)$`)
	var entries []entry
	for _, part := range strings.Split(text, "\n## ")[1:] {
		title, body, _ := strings.Cut(part, "\n")
		fields := heading.FindStringSubmatch(title)
		if fields == nil {
			return entry{}, fmt.Errorf("heading %q: want the form [1.2.3] - 2006-01-31", title)
		}
		e := entry{version: fields[1], date: fields[2], text: strings.TrimSpace(body)}
		if _, err := time.Parse(time.DateOnly, e.date); err != nil && (e.date != unreleased || len(entries) > 0) {
			return entry{}, fmt.Errorf("heading %q: invalid date", title)
		}
		if len(entries) > 0 {
			above := version.Must(version.NewVersion(entries[len(entries)-1].version))
			if !version.Must(version.NewVersion(e.version)).LessThan(above) {
				return entry{}, fmt.Errorf("version %s is below %s: want descending versions", e.version, above)
			}
		}
		if err := e.checkSections(); err != nil {
			return entry{}, err
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return entry{}, errors.New("no version")
	}
	return entries[0], nil
}

// checkSections checks that the entry contains only known sections, in order, and that none is empty.
func (e entry) checkSections() error {
	parts := strings.Split("\n"+e.text, "\n### ")
	if strings.TrimSpace(parts[0]) != "" || len(parts) < 2 {
		return fmt.Errorf("version %s starts without a section such as ### Added", e.version)
	}
	last := -1
	for _, part := range parts[1:] {
		name, lines, _ := strings.Cut(part, "\n")
		index := slices.Index(sections, name)
		if index <= last || !strings.Contains(lines, "- ") {
			return fmt.Errorf("version %s has an unknown, misplaced or empty section %q: want %q in this order",
				e.version, name, sections)
		}
		last = index
	}
	return nil
}
