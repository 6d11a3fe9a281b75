package images

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

const (
	maxCandidates = 10  // maximum number of images in a table
	maxTextLength = 100 // maximum number of characters of a value in a diagnostic, except for URIs
)

// candidateColumns are the columns of a table of candidates. The column with the longest values is last, because the
// last column is not padded.
var candidateColumns = []string{"gmt_create_time", "image_id", "name", "image_uri"}

// candidates returns a table of the newest images, with the newest image first.
func candidates(images []pai.Image) string {
	newest := selection.NewestFirst(images)
	newest = newest[:min(len(newest), maxCandidates)]
	rows := [][]string{candidateColumns}
	for i := range newest {
		parsed := selection.ParseImage(&newest[i], "")
		row := make([]string, len(candidateColumns))
		for column, attribute := range candidateColumns {
			row[column] = tableCell(&parsed, attribute)
		}
		rows = append(rows, row)
	}
	return table(rows)
}

// table returns rows of cells as a table. Each line starts with spaces, so that the CLI doesn't wrap it.
func table(rows [][]string) string {
	var text strings.Builder
	writer := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintln(writer, "  "+strings.Join(row, "\t")) // never fails: a strings.Builder has no errors
	}
	_ = writer.Flush()
	return strings.TrimRight(text.String(), "\n")
}

// tableCell returns the value of an attribute for a table, or "-" if it is null or empty. It doesn't truncate URIs, so
// that users can copy them.
func tableCell(image *selection.ParsedImage, attribute string) string {
	value, ok := attributeByName(attribute).value(image).(types.String)
	switch {
	case !ok || value.ValueString() == "":
		return "-"
	case attribute == "image_uri":
		return printable(value.ValueString())
	}
	return truncate(printable(value.ValueString()))
}

// describeImage returns the ID and the URI of an image.
func describeImage(image *pai.Image) string {
	parsed := selection.ParseImage(image, "")
	return tableCell(&parsed, "image_id") + ", " + tableCell(&parsed, "image_uri")
}

func truncate(text string) string {
	if runes := []rune(text); len(runes) > maxTextLength {
		return string(runes[:maxTextLength]) + "…"
	}
	return text
}

// printable replaces unprintable characters, which could break a line of the table or control the terminal. A name can
// contain any character.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}

// count returns a number with a noun: "1 image", "3 images".
func count(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return fmt.Sprintf("%d %s", n, plural)
}

// countShown is like count. If n is larger than maxCandidates, it adds how many images the table of candidates shows.
func countShown(n int, singular, plural string) string {
	if n <= maxCandidates {
		return count(n, singular, plural)
	}
	return fmt.Sprintf("%d %s (%d shown, %d more)", n, plural, maxCandidates, n-maxCandidates)
}
