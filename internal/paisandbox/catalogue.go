package paisandbox

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed data/official.tsv
var officialTable string

//go:embed data/custom.tsv
var customTable string

// Catalogue is the built-in catalogue: PAI's own images for DLC, DSW and EAS in several regions, the custom images of
// the workspaces 20455 and 31977, and Odd. It is the same at every call.
func Catalogue() []Image {
	return slices.Concat(officialImages(), customImages(), Odd())
}

// rows cuts a table into fields. The tables are part of the program, so a row that doesn't fit is a mistake in it.
func rows(table string, columns int) [][]string {
	var all [][]string
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			panic(fmt.Sprintf("paisandbox: %d columns instead of %d in %q", len(row), columns, line))
		}
		all = append(all, row)
	}
	return all
}

func officialImages() []Image {
	var all []Image
	for _, row := range rows(officialTable, 7) {
		pattern, regions, services, chip, frameworks, python, date := row[0], row[1], row[2], row[3], row[4], row[5], row[6]
		at := creation(pattern, date)
		for region := range strings.FieldsSeq(regions) {
			uri := strings.Replace(pattern, "{}", region, 1)
			i := Official(uri, officialLabels(uri, services, chip, frameworks, python)...).CreatedAt(at)
			i.Size = Value(size(uri))
			i.Description = Value(describe(services, chip, frameworks))
			all = append(all, i)
		}
	}
	return all
}

// describe uses words that no name has, so that a search in descriptions finds what a search in names doesn't.
func describe(services, chip, frameworks string) string {
	text := "Ready-made for " + strings.ToUpper(strings.ReplaceAll(services, " ", " and ")) + " on " + chip
	if frameworks != "-" {
		text += " with " + strings.ReplaceAll(strings.ReplaceAll(frameworks, " ", ", "), "=", " ")
	}
	return text
}

// officialLabels gives the older images of DLC the older keys, as they are in the service.
func officialLabels(uri, services, chip, frameworks, python string) []Label {
	labels := []Label{L("system.origin", "PAI"), L("system.chipType", chip), L("system.imageUri", uri)}
	for service := range strings.FieldsSeq(services) {
		labels = append(labels, L("system.supported."+service, "true"))
		if service == "eas" {
			labels = append(labels,
				L("system.eas.default.port", "8000"),
				L("system.eas.default.script", "python app.py --port=8000"),
				L("system.eas.deploy.latest", strconv.FormatBool(strings.Contains(uri, "cn-hangzhou"))))
		}
	}
	for framework := range strings.FieldsSeq(strings.Trim(frameworks, "-")) {
		name, version, _ := strings.Cut(framework, "=")
		labels = append(labels, L("system.framework."+name, version))
		if name == "XGBoost" {
			labels = append(labels, L("system.framework", name+" "+version))
		}
	}
	switch {
	case python == "-":
	case services == "dlc":
		labels = append(labels, L("system.pythonVersion", python))
	default:
		labels = append(labels, L("system.language.Python", python))
	}
	return labels
}

func customImages() []Image {
	var all []Image
	for _, row := range rows(customTable, 5) {
		uri, workspace, accessibility, chip, date := row[0], row[1], row[2], row[3], row[4]
		i := Custom(workspace, uri, L("system.chipType", chip), L("system.supported.dlc", "true")).CreatedAt(creation(uri, date))
		i.Accessibility = Value(accessibility)
		i.Size = Value(size(uri))
		all = append(all, i)
	}
	return all
}

// creation is some time of the day that follows from the text; a release reaches all regions at the same time.
func creation(text, date string) time.Time {
	if date == "-" {
		seconds, err := strconv.ParseInt(text[strings.LastIndex(text, "-")+1:], 10, 64)
		if err != nil {
			panic(fmt.Sprintf("paisandbox: no time at the end of %q", text))
		}
		return time.Unix(seconds, 0)
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(fmt.Sprintf("paisandbox: %v in the row of %q", err, text))
	}
	return day.Add(time.Duration(number(text, 24*60*60*1000)) * time.Millisecond)
}

// size is in bytes, but in GB for the images of the old registries: the field once meant that.
func size(uri string) int64 {
	if strings.Contains(uri, "/pai-dlc/") {
		return 2 + number(uri, 14)
	}
	return 2_000_000_000 + number(uri, 16_000_000_000)
}

// number is from 0 to below limit and follows from the text.
func number(text string, limit int64) int64 {
	n, err := strconv.ParseInt(hexSHA256([]byte(text))[:15], 16, 64)
	if err != nil {
		panic(err) // fifteen hexadecimal digits are a number of 60 bits
	}
	return n % limit
}
