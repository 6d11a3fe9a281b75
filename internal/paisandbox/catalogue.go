package paisandbox

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/signature"
)

//go:embed data/official.tsv
var officialTable string

//go:embed data/custom.tsv
var customTable string

// Catalogue returns the built-in catalogue: official images for DLC, DSW and EAS in several regions, custom images of
// the workspaces 20455 and 31977, and OddImages. Every call returns the same images.
func Catalogue() []Image {
	return slices.Concat(officialImages(), customImages(), OddImages())
}

// InRegion returns the images that the API lists in a region: official images in the registries of that region, and all
// custom images, because their registries may be in any region.
func InRegion(images []Image, region string) []Image {
	return slices.DeleteFunc(cloneAll(images), func(i Image) bool { return !i.isInRegion(region) })
}

// isInRegion reports whether the API lists the image in a region. All images are listed if the region is empty.
func (i *Image) isInRegion(region string) bool {
	if region == "" || !hasLabel(i, L("system.official", "true")) {
		return true
	}
	labels := i.registryLabels()
	return !slices.Contains(labels, "aliyuncs") || slices.Contains(labels, region)
}

// registryLabels returns the parts of the registry's host name.
func (i *Image) registryLabels() []string {
	host, _, _ := strings.Cut(i.ImageURI.Or(""), "/")
	return strings.Split(host, ".")
}

// hasRegion reports whether the registry of any image is in the region.
func hasRegion(images []Image, region string) bool {
	return slices.ContainsFunc(images, func(i Image) bool {
		labels := i.registryLabels()
		return slices.Contains(labels, "aliyuncs") && slices.Contains(labels, region)
	})
}

// parseTable splits a table of tab-separated values into rows. It skips comments, and panics if a row has a different
// number of columns.
func parseTable(table string, columns int) [][]string {
	var rows [][]string
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			panic(fmt.Sprintf("paisandbox: %d columns instead of %d in %q", len(row), columns, line))
		}
		rows = append(rows, row)
	}
	return rows
}

func officialImages() []Image {
	var images []Image
	for _, row := range parseTable(officialTable, 7) {
		pattern, regions, services, chip, frameworks, python, date := row[0], row[1], row[2], row[3], row[4], row[5], row[6]
		created := creationTime(pattern, date)
		for region := range strings.FieldsSeq(regions) {
			uri := strings.Replace(pattern, "{}", region, 1)
			i := Official(uri, officialLabels(uri, services, chip, frameworks, python)...).CreatedAt(created)
			i.Size = Value(imageSize(uri))
			i.Description = Value(officialDescription(services, chip, frameworks))
			images = append(images, i)
		}
	}
	return images
}

// officialDescription returns the description of an official image. It contains no word of any name, so that searches
// of descriptions and of names have different results.
func officialDescription(services, chip, frameworks string) string {
	description := "Ready-made for " + strings.ToUpper(strings.ReplaceAll(services, " ", " and ")) + " on " + chip
	if frameworks != "-" {
		description += " with " + strings.ReplaceAll(strings.ReplaceAll(frameworks, " ", ", "), "=", " ")
	}
	return description
}

// officialLabels returns the labels of an official image. As in PAI, images for DLC alone use older label keys.
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
	var images []Image
	for _, row := range parseTable(customTable, 6) {
		name, uri, workspace, accessibility, chip, date := row[0], row[1], row[2], row[3], row[4], row[5]
		labels := []Label{L("system.chipType", chip), L("system.supported.dlc", "true")}
		i := Custom(workspace, uri, labels...).CreatedAt(creationTime(uri, date))
		i.Name, i.Accessibility = Value(name), Value(accessibility)
		i.Size = Value(imageSize(uri))
		images = append(images, i)
	}
	return images
}

// creationTime returns a time on the given date, derived from the URI. If the date is "-", it returns the Unix time at
// the end of the URI. The URI of an official image contains a placeholder for the region, so a release has the same
// creation time in every region.
func creationTime(uri, date string) time.Time {
	if date == "-" {
		seconds, err := strconv.ParseInt(uri[strings.LastIndex(uri, "-")+1:], 10, 64)
		if err != nil {
			panic(fmt.Sprintf("paisandbox: no Unix time at the end of %q", uri))
		}
		return time.Unix(seconds, 0)
	}
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(fmt.Sprintf("paisandbox: %v in the row of %q", err, uri))
	}
	return day.Add(time.Duration(hashBelow(uri, 24*60*60*1000)) * time.Millisecond)
}

// imageSize returns a size in bytes. For images of the older registries it returns a size in GB, because PAI uses that
// unit for them.
func imageSize(uri string) int64 {
	if strings.Contains(uri, "/pai-dlc/") {
		return 2 + hashBelow(uri, 14)
	}
	return 2_000_000_000 + hashBelow(uri, 16_000_000_000)
}

// hashBelow returns a number from 0 to limit-1, derived from the seed.
func hashBelow(seed string, limit int64) int64 {
	n, err := strconv.ParseInt(signature.HexSHA256([]byte(seed))[:15], 16, 64)
	if err != nil {
		panic(err) // 15 hexadecimal digits fit into 60 bits
	}
	return n % limit
}

// OddImages returns images that clients may handle incorrectly. Some have omitted, null or empty fields, or missing or
// duplicate labels. Others have equal or invalid creation times, or tags without a version. Catalogue includes them.
func OddImages() []Image {
	const host = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/"
	gpu := L("system.chipType", "GPU")
	sameTime := time.Date(2024, 5, 6, 7, 8, 9, 123_000_000, time.UTC)

	return []Image{
		{ImageID: Value(imageID("nothing else"))},
		Official(host + "odd:everything-null").With(func(i *Image) {
			*i = Image{
				ImageID: i.ImageID, ImageURI: i.ImageURI, Name: Null[string](), Description: Null[string](),
				GmtCreateTime: Null[string](), GmtModifiedTime: Null[string](), Labels: Null[[]Label](),
				Accessibility: Null[string](), UserID: Null[string](), ParentUserID: Null[string](),
				WorkspaceID: Null[string](), Size: Null[int64](), SourceType: Null[string](), SourceID: Null[string](),
			}
		}),
		Official(host+"odd:empty-texts", gpu).With(func(i *Image) {
			i.Description, i.UserID, i.ParentUserID = Value(""), Value(""), Value("")
			i.Accessibility, i.Size = Value(""), Value(int64(0))
		}),
		Official(host + "odd:no-labels").With(func(i *Image) { i.Labels = Omitted[[]Label]() }),
		Official(host + "odd:empty-labels").With(func(i *Image) { i.Labels = Value([]Label{}) }),
		Official(host+"odd:label-twice", gpu, L("system.chipType", "CPU"),
			L("system.framework.PyTorch", "2.1.0"), L("system.framework.PyTorch", "2.2.0")),
		Official(host+"odd:empty-label-value", gpu, L("system.source", "")),
		Official(host+"odd:trailing-newline", gpu).With(func(i *Image) {
			i.GmtCreateTime = Value("2021-01-21T17:12:35.232Z\n")
			i.GmtModifiedTime = Value("2021-01-21T17:12:35.232Z\n")
		}),
		Official(host+"odd:no-creation-time", gpu).With(func(i *Image) { i.GmtCreateTime = Omitted[string]() }),
		Official(host+"odd:unreadable-time", gpu).With(func(i *Image) { i.GmtCreateTime = Value("yesterday") }),
		Official(host+"odd:no-description", gpu).With(func(i *Image) { i.Description = Omitted[string]() }),
		Official(host+"pytorch:latest", gpu, L("system.framework.PyTorch", "nightly")).CreatedAt(sameTime),
		Official(host+"pytorch:torch2.5.1-gpu", gpu, L("system.framework.PyTorch", "2.5.1")).CreatedAt(sameTime),
		Official(host+"pytorch:deeprec2212-gpu", gpu, L("system.framework.DeepRec", "2212")).CreatedAt(sameTime),
		Official("localhost:5000/untagged", gpu).CreatedAt(sameTime),
		Custom("20455", host+"odd:not-labelled-official", gpu).CreatedAt(sameTime),
		Custom("31977", host+"odd:labelled-not-official", gpu, L("system.official", "false")).CreatedAt(sameTime).
			With(func(i *Image) { i.Accessibility = Value("PUBLIC") }),
	}
}

// Numbered returns n official images for tests of paging. Their IDs are unique and not sorted. Every ten consecutive
// images have the same creation time.
func Numbered(n int) []Image {
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	images := make([]Image, 0, n)
	for k := range n {
		uri := fmt.Sprintf("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/numbered:1.%d.0-gpu-py312", k)
		images = append(images, Official(uri,
			L("system.chipType", "GPU"),
			L("system.supported.dlc", "true"),
			L("system.framework.PyTorch", fmt.Sprintf("1.%d.0", k)),
		).CreatedAt(first.Add(time.Duration(k/10)*time.Hour)))
	}
	return images
}
