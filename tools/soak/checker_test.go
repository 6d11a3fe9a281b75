package soak_test

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/churn"
)

// Summaries of the provider's warnings and errors.
const (
	summaryIncomplete   = "The list may not be complete"
	summarySomeoneElse  = "The selected image may belong to someone else"
	summaryNoMatch      = "No image matches"
	summarySeveralMatch = "More than one image matches"
	summaryRepositories = "Versions of several repositories"
	summaryVariants     = "Several variants of the highest version"
	summaryNoID         = "No image with this ID"
	summaryMismatch     = "Image does not match the filters"
	summaryCancelled    = "Lookup cancelled"
	summaryTimedOut     = "Lookup timed out"
	summaryThrottled    = "Requests throttled by the PAI API"
)

// result is the provider's response to a lookup. state is nil if there is an error.
type result struct {
	state    map[string]any
	errors   []*tfprotov6.Diagnostic
	warnings []string // summaries
}

// checker checks the result of a lookup against the images that existed during the lookup.
type checker struct {
	*lookup
	result     *result
	history    *churn.History[paisandbox.Image]
	incomplete bool // there is a warning that the list may not be complete
	problems   []string
}

func (c *checker) problem(format string, arguments ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, arguments...))
}

// checkWarnings checks that each warning has a reason.
func (c *checker) checkWarnings() {
	counts := make(map[string]int)
	for _, summary := range c.result.warnings {
		counts[summary]++
	}
	c.incomplete = counts[summaryIncomplete] == 1
	if c.incomplete && len(c.history.Changes) == 0 {
		c.problem("%q, but nothing changed", summaryIncomplete)
	}
	selects := c.isTrue("most_recent") || c.isTrue("latest_version")
	want := selects && !c.isTrue("official") && c.arguments["workspace_id"] == nil
	if got := counts[summarySomeoneElse] == 1; c.result.state != nil && got != want {
		c.problem("%q: got %t, want %t", summarySomeoneElse, got, want)
	}
	delete(counts, summaryIncomplete)
	delete(counts, summarySomeoneElse)
	for summary := range counts {
		c.problem("unexpected warning %q", summary)
	}
}

// checkList checks the state of pai_images.
func (c *checker) checkList() {
	images := listAt(c.result.state, "images")
	listed, compare := make(map[string]bool), c.order()
	var previous *paisandbox.Image
	for k := range images {
		image := images[k].(map[string]any)
		id := stringAt(image, "image_id")
		if listed[id] {
			c.problem("%s is listed twice", id)
		}
		listed[id] = true
		current := c.findState(id, image)
		if previous != nil && current != nil && compare(previous, current) >= 0 {
			c.problem("%s is out of order", id)
		}
		previous = current
		for name, attribute := range map[string]string{"ids": "image_id", "names": "name", "image_uris": "image_uri"} {
			if values := listAt(c.result.state, name); len(values) != len(images) || values[k] != image[attribute] {
				c.problem("%s differs from the %s of images", name, attribute)
			}
		}
	}
	if c.incomplete {
		return
	}
	for _, id := range c.history.AlwaysMatched(c.match) {
		if !listed[id] {
			c.problem("%s always existed and is missing", id)
		}
	}
	filteredHere := c.arguments["official"] == false
	for _, argument := range []string{"repository", "version", "name_regex", "exclude_name_regex"} {
		filteredHere = filteredHere || c.arguments[argument] != nil
	}
	if total := intAt(c.result.state, "total_count"); total < len(listed) || !filteredHere && total != len(listed) {
		c.problem("total_count is %d for %d images", total, len(listed))
	}
}

// findState returns the state of an image that has these attributes and matched the filters. If the image never had
// such a state, it adds a problem and returns nil.
func (c *checker) findState(id string, attributes map[string]any) *paisandbox.Image {
	for _, state := range c.history.Versions(id) {
		labels, version := len(state.Labels.Or(nil)), fmt.Sprintf("1.%d.0", buildOf(&state).minor)
		if c.arguments["verbose"] == false {
			labels = 0
			if c.arguments["framework"] != nil {
				version = "" // it is the value of a label
			}
		}
		repository := buildOf(&state).repository
		if configured := c.arguments["repository"]; configured != nil && c.dataSource == "pai_image" {
			repository = configured.(string) // Terraform requires the configured value in the state
		}
		if stringAt(attributes, "name") == state.Name.Or("") &&
			stringAt(attributes, "image_uri") == state.ImageURI.Or("") &&
			stringAt(attributes, "gmt_create_time") == state.GmtCreateTime.Or("") &&
			stringAt(attributes, "gmt_modified_time") == state.GmtModifiedTime.Or("") &&
			stringAt(attributes, "repository") == repository &&
			stringAt(attributes, "image_version") == version &&
			len(listAt(attributes, "label_list")) == labels && c.match(&state) {
			return &state
		}
	}
	c.problem("%s (%s, %s) never existed", id, stringAt(attributes, "name"), stringAt(attributes, "gmt_create_time"))
	return nil
}

// checkSelected checks the state of pai_image.
func (c *checker) checkSelected() {
	id, matched := stringAt(c.result.state, "image_id"), intAt(c.result.state, "matched_count")
	selected := c.findState(id, c.result.state)
	if c.imageID != "" {
		if id != c.imageID || matched != 1 {
			c.problem("got %s with matched_count %d, want %s with 1", id, matched, c.imageID)
		}
		return
	}
	always, ever := c.history.AlwaysMatched(c.match), c.history.EverMatched(c.match)
	if matched > len(ever) || matched < len(always) && !c.incomplete {
		c.problem("matched_count is %d, want %d to %d", matched, len(always), len(ever))
	}
	compare := c.order()
	switch {
	case selected == nil || c.incomplete:
	case compare == nil && matched != 1:
		c.problem("selected one of %d without an order", matched)
	case compare != nil:
		for _, other := range always {
			// During the lookup, the other image may have changed. Compare its lowest state.
			lowest := slices.MinFunc(c.history.Versions(other), func(a, b paisandbox.Image) int { return compare(&a, &b) })
			if other != id && compare(&lowest, selected) > 0 {
				c.problem("selected %s, but %s always came after it", id, other)
			}
			if summary := c.conflict(buildOf(&lowest), buildOf(selected)); summary != "" {
				c.problem("selected %s beside %s, want the error %q", id, other, summary)
			}
		}
	}
}

// checkError checks an error about images. It returns false for any other error.
func (c *checker) checkError() bool {
	always, ever := c.history.AlwaysMatched(c.match), c.history.EverMatched(c.match)
	hasID := func(i *paisandbox.Image) bool { return i.ImageID.Or("") == c.imageID }
	switch summary := c.result.errors[0].Summary; summary {
	case summaryNoMatch:
		if len(always) > 0 && !c.incomplete {
			c.problem("%q, but %d always matched", summary, len(always))
		}
	case summarySeveralMatch:
		if len(ever) < 2 || c.order() != nil {
			c.problem("%q, but at most %d matched", summary, len(ever))
		}
	case summaryRepositories, summaryVariants:
		if c.incomplete {
			always = nil
		}
		if !c.mayConflict(summary, c.builds(always), c.builds(ever)) {
			c.problem("%q, but one image has the highest version", summary)
		}
	case summaryNoID:
		if len(c.history.AlwaysMatched(hasID)) > 0 {
			c.problem("%q, but %s always existed", summary, c.imageID)
		}
	case summaryMismatch:
		matched := c.history.AlwaysMatched(func(i *paisandbox.Image) bool { return hasID(i) && c.match(i) })
		if len(c.history.EverMatched(hasID)) == 0 || len(matched) > 0 {
			c.problem("%q, but %s always matched", summary, c.imageID)
		}
	default:
		return false
	}
	return true
}

func listAt(attributes map[string]any, name string) []any {
	elements, _ := attributes[name].([]any)
	return elements
}

func stringAt(attributes map[string]any, name string) string {
	value, _ := attributes[name].(string)
	return value
}

func intAt(attributes map[string]any, name string) int {
	value, ok := attributes[name].(int64)
	if !ok {
		return -1
	}
	return int(value)
}
