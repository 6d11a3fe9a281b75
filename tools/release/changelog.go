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

// unreleased takes the place of the date before a release.
const unreleased = "Unreleased"

// entry is the part of a changelog about one version.
type entry struct{ version, date, text string }

// sections lists the headings of Keep a Changelog, in its order.
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

// parseChangelog returns the newest entry of a text in the format of Keep a Changelog: versions in descending order,
// each with a date, which only the newest may lack, and with at least one section.
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

// checkSections checks that the entry consists of known sections, in order and not empty.
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
