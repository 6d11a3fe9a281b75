package main

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
)

// unreleased stands in the place of the day until there is one.
const unreleased = "Unreleased"

// entry is what a changelog says of one version.
type entry struct{ version, date, text string }

// kinds are the headings that Keep a Changelog knows, in its order.
var kinds = []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}

// readChangelog gives the newest entry of a checkout's changelog, which is in the form of Keep a Changelog: headings of versions, each below a newer
// one, with a day (only the newest may lack it); below each, headings of kinds, each with something under it.
func readChangelog(checkout fs.FS) (newest entry, err error) {
	content, err := fs.ReadFile(checkout, "CHANGELOG.md")
	if err != nil {
		return entry{}, err
	}
	return parseChangelog(string(content))
}

func parseChangelog(text string) (newest entry, err error) {
	parts := strings.Split(text, "\n## ")
	if len(parts) < 2 {
		return entry{}, fmt.Errorf("the changelog has no version")
	}
	before := entry{}
	for i, part := range parts[1:] {
		heading, body, _ := strings.Cut(part, "\n")
		is := regexp.MustCompile(`^\[(\d+\.\d+\.\d+)\] - (\S+)$`).FindStringSubmatch(heading)
		if is == nil {
			return entry{}, fmt.Errorf("%q in the changelog isn't like [1.2.3] - 2006-01-31", heading)
		}
		found := entry{version: is[1], date: is[2], text: strings.TrimSpace(body)}
		_, notADay := time.Parse(time.DateOnly, found.date)
		switch {
		case notADay != nil && (found.date != unreleased || i > 0):
			return entry{}, fmt.Errorf("%q in the changelog has no day", heading)
		case i > 0 && !version.Must(version.NewVersion(found.version)).LessThan(version.Must(version.NewVersion(before.version))):
			return entry{}, fmt.Errorf("%s stands below %s in the changelog", found.version, before.version)
		}
		if err := checkKinds(found); err != nil {
			return entry{}, err
		}
		if i == 0 {
			newest = found
		}
		before = found
	}
	return newest, nil
}

// checkKinds holds the headings below a version against those that there are.
func checkKinds(of entry) error {
	sections := strings.Split("\n"+of.text, "\n### ")
	if strings.TrimSpace(sections[0]) != "" || len(sections) < 2 {
		return fmt.Errorf("the changelog's %s doesn't begin with a heading such as ### Added", of.version)
	}
	last := -1
	for _, section := range sections[1:] {
		kind, lines, _ := strings.Cut(section, "\n")
		place := slices.Index(kinds, kind)
		if place <= last || !strings.Contains(lines, "- ") {
			return fmt.Errorf("the changelog's %s has %q where one of %q belongs, in this order and with something under it",
				of.version, kind, kinds)
		}
		last = place
	}
	return nil
}
