package images

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// addVersionError adds an error that states why latest_version can't select one of the matching images, and which
// arguments would select one.
func (l *imageLookup) addVersionError(err error, matching []pai.Image) {
	var summary, detail string
	if e, ok := errors.AsType[*selection.PreReleasesError](err); ok {
		summary, detail = "Only pre-releases match", l.describePreReleases(e)
	} else if e, ok := errors.AsType[*selection.RepositoriesError](err); ok {
		summary, detail = "Versions of several repositories", l.describeRepositories(e)
	} else if e, ok := errors.AsType[*selection.SchemesError](err); ok {
		summary, detail = "Versions of two numbering schemes", l.describeSchemes(e)
	} else if e, ok := errors.AsType[*selection.VariantsError](err); ok {
		summary, detail = "Several variants of the highest version", l.describeVariants(e)
	} else {
		summary, detail = "No matching image has a version", l.describeNoVersion(matching)
	}
	l.diags.AddAttributeError(path.Root("latest_version"), summary, detail)
}

func (l *imageLookup) describeNoVersion(matching []pai.Image) string {
	cause := "Without `framework`, the version is read from the start of the tag. No matching tag starts with a version."
	if framework := l.filters.framework(); framework != "" {
		cause = fmt.Sprintf("The version is the value of the label %s. No matching image has a version there.",
			hcltext.Quote(pai.LabelFrameworkPrefix+framework))
	}
	return fmt.Sprintf("%s %s:\n\n%s%s\n\nSet `most_recent = true` or `image_id` instead of `latest_version`.",
		cause, countShown(len(matching), "image matches", "images match"), candidates(matching, l.filters.framework()),
		l.requested())
}

func (l *imageLookup) describePreReleases(e *selection.PreReleasesError) string {
	advice := "Change the filters."
	if version := e.Highest.Version.String(); len(version) <= maxTextLength {
		advice = fmt.Sprintf("Set `version = %s`, or change the filters.", hcltext.Quote(">= "+version))
	}
	return fmt.Sprintf("Every matching image with a version is a pre-release. The highest is %s: %s. `latest_version` "+
		"selects a pre-release only if `version` names one.%s\n\n%s",
		describeVersion(e.Highest.Version), describeImage(e.Highest.Image), l.requested(), advice)
}

func (l *imageLookup) describeRepositories(e *selection.RepositoriesError) string {
	example := ""
	rows := [][]string{{"repository", "images", "highest version", "image"}}
	for i, r := range e.Repositories {
		name := cmp.Or(r.Name, r.Highest.Reference.FullName(), "(no valid image_uri)")
		if len(r.Name) <= maxURILength {
			example = cmp.Or(example, r.Name)
		}
		if i < maxCandidates {
			rows = append(rows, []string{name, strconv.Itoa(r.Images), r.Highest.Version.String(), shortURI(&r.Highest)})
		}
	}
	advice := "Use `name_regex` to match images of one of them."
	if example != "" {
		advice = "Set one of them, for example: repository = " + hcltext.Quote(example)
		if slices.ContainsFunc(e.Repositories, func(r selection.Repository) bool { return r.Name == "" }) {
			advice += "\nIf `repository` can't separate the images that you want, use `name_regex`."
		}
	}
	return fmt.Sprintf("The matching images with a version belong to %s, which contain different software:\n\n%s%s\n\n%s",
		countShown(len(e.Repositories), "repository", "repositories"), table(rows), l.requested(), advice)
}

// firstCalendarNumber is the lowest first number of a calendar version. The rules of selection.ParseVersion define it.
const firstCalendarNumber = "17"

func (l *imageLookup) describeSchemes(e *selection.SchemesError) string {
	rows := [][]string{
		{"numbering scheme", "highest version", "image"},
		{"plain", e.Plain.Version.String(), shortURI(&e.Plain)},
		{"calendar", e.Calendar.Version.String(), shortURI(&e.Calendar)},
	}
	advice := "Use `name_regex` or `exclude_name_regex` to match images of one scheme."
	if limit := selection.ParseVersion(firstCalendarNumber); e.Plain.Version.Compare(limit) < 0 {
		advice = fmt.Sprintf("Set `version = %s` to keep plain versions, or `version = %s` to keep calendar versions.",
			hcltext.Quote(l.extendVersion("< "+firstCalendarNumber)),
			hcltext.Quote(l.extendVersion(">= "+firstCalendarNumber)))
	}
	return fmt.Sprintf(
		"The matching images have plain versions and calendar versions, which can't be compared:\n\n%s%s\n\n%s",
		table(rows), l.requested(), advice)
}

// extendVersion returns the configured version constraint with one more condition.
func (l *imageLookup) extendVersion(condition string) string {
	for _, f := range l.filters {
		if f.argument == "version" {
			if value, err := strconv.Unquote(f.value); err == nil {
				return value + ", " + condition
			}
		}
	}
	return condition
}

func (l *imageLookup) describeVariants(e *selection.VariantsError) string {
	variants := e.Variants[:min(len(e.Variants), maxCandidates)]
	rows := [][]string{{"variant", "images", "newest image"}}
	var suggestions [][]string
	var all []pai.Image
	for _, variant := range e.Variants {
		for _, p := range variant.Images {
			all = append(all, *p.Image)
		}
	}
	for i, variant := range variants {
		rows = append(rows, []string{variant.Name, strconv.Itoa(len(variant.Images)), shortURI(&variant.Newest)})
		if suggestion := l.suggestFilters(e.Variants, i); suggestion != "" {
			suggestions = append(suggestions, []string{suggestion, "selects " + variant.Name})
		}
	}
	choice := "Use `name_regex` or `exclude_name_regex` to match one variant."
	if suggestions != nil {
		choice = "Add a filter that only one variant matches:\n" + table(suggestions) +
			"\nTo drop variants, use `exclude_name_regex`."
	}
	return fmt.Sprintf("The highest version, %s, has %s:\n\n%s%s\n\n%s\n\nOr set `most_recent = true` beside "+
		"`latest_version`. This selects the newest image of all variants, now %s. The selected image may then move between "+
		"variants, such as other versions of Python or CUDA, from plan to plan.",
		describeVersion(e.Version), countShown(len(e.Variants), "variant", "variants"), table(rows), l.requested(), choice,
		describeImage(selection.Newest(all)))
}

// shortURI returns the repository, the tag and the digest of an image's URI.
func shortURI(p *selection.ParsedImage) string {
	switch ref := p.Reference; {
	case ref.Repository == "":
		return "image_id " + describeID(p)
	case ref.Digest != "":
		return ref.Repository + "@" + ref.Digest
	case ref.Tag != "":
		return ref.Repository + ":" + ref.Tag
	default:
		return ref.Repository
	}
}

// describeVersion returns the version. A label can contain a version of any length.
func describeVersion(v *selection.Version) string { return truncate(v.String(), maxTextLength) }
