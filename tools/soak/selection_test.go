package soak_test

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// build is what latest_version reads from an image. It never changes.
type build struct {
	repository string
	minor      int    // N of the version 1.N.0, which the tag and the label of the framework have
	variant    string // "" if the tag has none
}

// churnURI matches the URIs of a Churn.
var churnURI = regexp.MustCompile(`/([a-z]+):1\.([0-9]+)\.0(-[a-z]+)?-[0-9a-f]{8}$`)

// buildOf returns the build of an image of a Churn. It is implemented independently of the provider.
func buildOf(i *paisandbox.Image) build {
	parts := churnURI.FindStringSubmatch(i.ImageURI.Or(""))
	minor, err := strconv.Atoi(parts[2])
	if err != nil {
		panic(err)
	}
	return build{repository: parts[1], minor: minor, variant: parts[3]}
}

// compareBuilds compares builds by version. A build without a variant comes after the variants of its version.
func compareBuilds(a, b build) int {
	hasVariant := func(x build) int { return min(len(x.variant), 1) }
	return cmp.Or(cmp.Compare(a.minor, b.minor), cmp.Compare(hasVariant(b), hasVariant(a)))
}

// order returns the function that the data source orders images by. pai_image selects the last image. order returns nil
// if the lookup selects by no order. It compares times as strings, because all times of the sandbox have the same
// format.
func (c *checker) order() func(a, b *paisandbox.Image) int {
	byTime := func(a, b *paisandbox.Image) int {
		return cmp.Or(strings.Compare(a.GmtCreateTime.Or(""), b.GmtCreateTime.Or("")),
			strings.Compare(a.ImageID.Or(""), b.ImageID.Or("")))
	}
	byVersion := func(a, b *paisandbox.Image) int {
		return cmp.Or(cmp.Compare(buildOf(a).minor, buildOf(b).minor), byTime(a, b))
	}
	byBuild := func(a, b *paisandbox.Image) int { return cmp.Or(compareBuilds(buildOf(a), buildOf(b)), byTime(a, b)) }
	if c.dataSource == "pai_images" {
		ascending := byTime
		if c.arguments["sort_by"] == "image_version" {
			ascending = byVersion
		}
		if c.arguments["order"] == "DESC" {
			return func(a, b *paisandbox.Image) int { return ascending(b, a) }
		}
		return ascending
	}
	switch newest, highest := c.isTrue("most_recent"), c.isTrue("latest_version"); {
	case newest && highest:
		return byVersion
	case highest:
		return byBuild
	case newest:
		return byTime
	}
	return nil
}

// conflict returns the summary of the error that latest_version returns if both builds match and no build is higher. It
// returns "" if there is no such error.
func (c *checker) conflict(a, b build) string {
	switch {
	case !c.isTrue("latest_version"):
	case a.repository != b.repository:
		return summaryRepositories
	case a.variant != b.variant && compareBuilds(a, b) == 0 && !c.isTrue("most_recent"):
		return summaryVariants
	}
	return ""
}

// builds returns the builds of the images with these IDs.
func (c *checker) builds(ids []string) []build {
	all := make([]build, len(ids))
	for i, id := range ids {
		all[i] = buildOf(&c.history.Versions(id)[0])
	}
	return all
}

// mayConflict reports whether latest_version can return the error if it selects among all builds of always and some
// builds of ever.
func (c *checker) mayConflict(summary string, always, ever []build) bool {
	for i, a := range ever {
		conflicts := slices.ContainsFunc(ever[:i], func(b build) bool { return c.conflict(a, b) == summary })
		prevented := summary == summaryVariants && slices.ContainsFunc(always, func(b build) bool {
			return b.repository != a.repository || compareBuilds(b, a) > 0
		})
		if conflicts && !prevented {
			return true
		}
	}
	return false
}

// TestMayConflict checks which errors of latest_version the checker accepts.
func TestMayConflict(t *testing.T) {
	t.Parallel()
	gpu, cpu, plain := build{"training", 2, "-gpu"}, build{"training", 2, "-cpu"}, build{"training", 2, ""}
	higher, other := build{"training", 3, "-gpu"}, build{"inference", 1, "-gpu"}
	for name, tt := range map[string]struct {
		always, ever []build
		want         []string // summaries
	}{
		"rebuilds":             {nil, []build{gpu, gpu}, nil},
		"variants":             {nil, []build{gpu, cpu}, []string{summaryVariants}},
		"variants, always":     {[]build{gpu, cpu}, []build{gpu, cpu}, []string{summaryVariants}},
		"no variant":           {nil, []build{gpu, plain}, nil},
		"no variant, always":   {[]build{plain}, []build{gpu, cpu, plain}, nil},
		"higher":               {nil, []build{gpu, cpu, higher}, []string{summaryVariants}},
		"higher, always":       {[]build{higher}, []build{gpu, cpu, higher}, nil},
		"repositories":         {nil, []build{gpu, other}, []string{summaryRepositories}},
		"both":                 {nil, []build{gpu, cpu, other}, []string{summaryRepositories, summaryVariants}},
		"repositories, always": {[]build{other}, []build{gpu, cpu, other}, []string{summaryRepositories}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &lookup{arguments: providertest.Values{"latest_version": true}}
			var got []string
			for _, summary := range []string{summaryRepositories, summaryVariants} {
				if (&checker{lookup: l}).mayConflict(summary, tt.always, tt.ever) {
					got = append(got, summary)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			l.arguments["most_recent"] = true
			if (&checker{lookup: l}).mayConflict(summaryVariants, tt.always, tt.ever) {
				t.Errorf("with most_recent: got %q", summaryVariants)
			}
		})
	}
}
