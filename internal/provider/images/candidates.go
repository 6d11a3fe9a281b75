package images

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// An error lists so many images, and so much of what they are called.
const (
	maxCandidates = 10
	longestCell   = 100
)

// candidateColumns are what tells candidates apart, as attributes. The longest stands last.
var candidateColumns = []string{"gmt_create_time", "image_id", "name", "image_uri"}

// addAmbiguousError lists the images that match, and says what would take one of them.
func (l *imageLookup) addAmbiguousError(matching []pai.Image, conditions []condition) {
	settle := []string{
		`  image_id = "…"         any one of the above`,
		"  most_recent = true     takes " + named(selection.Newest(matching)),
	}
	if highest, err := selection.Highest(matching, l.config.Framework.ValueString()); err == nil {
		settle = append(settle, "  latest_version = true  takes "+named(highest))
	}
	detail := fmt.Sprintf("%s:\n\n%s\n\nEach of these arguments would settle it:\n%s\n\nOr ask for more, until one image alone matches.",
		shownOf(len(matching), "image matches", "images match"), candidates(matching), strings.Join(settle, "\n"))
	l.diags.AddError("More than one image matches", detail+askedFor(conditions))
}

// shownOf says how many images there are, and how many of them candidates leaves out.
func shownOf(n int, one, several string) string {
	if n <= maxCandidates {
		return sentence(n, one, several)
	}
	return fmt.Sprintf("%d %s; %d shown, %d more", n, several, maxCandidates, n-maxCandidates)
}

// candidates is a table of the newest images, the newest first. Its lines begin with a space, so that the CLI doesn't wrap them.
func candidates(images []pai.Image) string {
	newest := selection.NewestFirst(images)
	newest = newest[:min(len(newest), maxCandidates)]
	var table strings.Builder
	writer := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(writer, "  "+strings.Join(candidateColumns, "\t")) // a strings.Builder takes everything
	for i := range newest {
		cells := make([]string, len(candidateColumns))
		for c, name := range candidateColumns {
			cells[c] = cell(&newest[i], name)
		}
		_, _ = fmt.Fprintln(writer, "  "+strings.Join(cells, "\t"))
	}
	_ = writer.Flush()
	return strings.TrimRight(table.String(), "\n")
}

// cell is an attribute of an image as it is, `-` where there is none.
func cell(image *pai.Image, attribute string) string {
	if value, is := attributeNamed(attribute).value(image).(interface{ ValueString() string }); is && value.ValueString() != "" {
		return shortened(printable(value.ValueString()), attribute)
	}
	return "-"
}

// shortened keeps one image's long name from making every line of the table long. A URI stands last, and is there to be
// copied.
func shortened(text, attribute string) string {
	if runes := []rune(text); len(runes) > longestCell && attribute != "image_uri" {
		return string(runes[:longestCell]) + "…"
	}
	return text
}

// named is how a sentence names an image.
func named(image *pai.Image) string {
	return cell(image, "image_id") + ", " + cell(image, "image_uri")
}

// printable takes out what would break a table's line or move the terminal's cursor: users name their images freely.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// askedFor repeats the conditions at the end of an error, where there are any.
func askedFor(conditions []condition) string {
	if len(conditions) == 0 {
		return ""
	}
	return "\n\nAsked for:\n" + listed(conditions)
}

// listed puts each condition on a line of its own.
func listed(conditions []condition) string {
	lines := make([]string, len(conditions))
	for i, condition := range conditions {
		lines[i] = "  " + condition.text
	}
	return strings.Join(lines, "\n")
}

// sentence counts: "1 image matches", "3 images match".
func sentence(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
