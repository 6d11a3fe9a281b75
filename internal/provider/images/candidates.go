package images

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// maxCellLength is the maximum number of characters of a value of a candidate, except for its ID and its URI.
const maxCellLength = 40

// candidates returns a table of the newest images, with the newest image first. The line below each row has the URI.
// Besides creation time and ID, the columns are values that tell the images apart. The line above the table has values
// that all rows share. framework is the configured framework, or empty.
func candidates(images []pai.Image, framework string) string {
	newest := selection.NewestFirst(images)
	newest = newest[:min(len(newest), maxCandidates)]
	parsed := make([]selection.ParsedImage, len(newest))
	rows := [][]string{{"gmt_create_time", "image_id"}}
	for i := range newest {
		parsed[i] = selection.ParseImage(&newest[i], framework)
		rows = append(rows, []string{
			cell(stringAttributeValue(&parsed[i], "gmt_create_time"), maxCellLength), describeID(&parsed[i]),
		})
	}
	var shared []string
	for _, c := range candidateColumns(parsed, framework) {
		switch value := c.values[0]; {
		case c.differs() || len(parsed) == 1 && value != "":
			rows[0] = append(rows[0], cell(c.name, maxCellLength))
			for i, shortened := range shortenAll(c.values) {
				rows[i+1] = append(rows[i+1], shortened)
			}
		case value != "":
			shared = append(shared, cell(c.name, maxCellLength)+" "+cell(value, maxCellLength))
		}
	}
	lines := strings.Split(table(rows), "\n")
	for i := range parsed {
		lines[i+1] += "\n    " + describeURI(&parsed[i])
	}
	if shared != nil {
		lines = slices.Insert(lines, 0, "  All rows: "+strings.Join(shared, ", "), "")
	}
	return strings.Join(lines, "\n")
}

// column is a column of the table of candidates.
type column struct {
	name   string
	values []string // one for each image; empty if the image has none
}

func newColumn(name string, images []selection.ParsedImage, value func(*selection.ParsedImage) string) column {
	c := column{name, make([]string, len(images))}
	for i := range images {
		c.values[i] = value(&images[i])
	}
	return c
}

// differs reports whether the images have different values.
func (c *column) differs() bool {
	return slices.ContainsFunc(c.values, func(value string) bool { return value != c.values[0] })
}

// candidateColumns returns the columns of a table of candidates, except for the creation time and the ID.
func candidateColumns(images []selection.ParsedImage, framework string) []column {
	columns := append([]column{
		newColumn("version", images, func(p *selection.ParsedImage) string {
			return stringAttributeValue(p, "image_version")
		}),
		newColumn("variant", images, (*selection.ParsedImage).Variant),
	}, labelColumns(images, framework)...)
	names := newColumn("name", images, func(p *selection.ParsedImage) string { return stringAttributeValue(p, "name") })
	for i, name := range names.values {
		if !endsURI(&images[i], name) {
			return append(columns, names)
		}
	}
	return columns
}

// endsURI reports whether the value is empty, or the URI of the image, or a part at the end of the URI.
func endsURI(p *selection.ParsedImage, value string) bool {
	start, ok := strings.CutSuffix(stringAttributeValue(p, "image_uri"), value)
	return ok && (value == "" || start == "" || strings.HasSuffix(start, "/") || strings.HasSuffix(start, ":"))
}

// stringAttributeValue returns the value of an attribute, or "" if it is null.
func stringAttributeValue(p *selection.ParsedImage, name string) string {
	value, _ := attributeByName(name).value(p).(types.String)
	return value.ValueString()
}

// describeImage returns the ID and the URI of an image.
func describeImage(image *pai.Image) string {
	p := selection.ParsedImage{Image: image} // neither value is parsed
	return describeID(&p) + ", " + describeURI(&p)
}

func describeID(p *selection.ParsedImage) string {
	return cell(stringAttributeValue(p, "image_id"), maxTextLength)
}

// describeURI returns the URI of an image, which users can copy if it has at most maxURILength characters.
func describeURI(p *selection.ParsedImage) string {
	if uri := stringAttributeValue(p, "image_uri"); uri != "" {
		return cell(uri, maxURILength)
	}
	return "(no image_uri)"
}
