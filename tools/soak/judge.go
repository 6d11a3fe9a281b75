package main

import (
	"cmp"
	"fmt"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// What the provider calls its warnings and errors.
const (
	mayBeIncomplete = "The list may not be complete"
	someoneElses    = "The choice may fall on an image of someone else"

	noneMatches     = "No image matches"
	severalMatch    = "More than one image matches"
	noSuchID        = "No image has this id"
	isSomethingElse = "The image is not what is asked for"
)

// judge holds an answer against what was there, and notes what is wrong with it.
type judge struct {
	*question
	answer  *answer
	history *paisandbox.History
	warned  bool // that images may be missing
	wrong   []string
}

func (j *judge) say(format string, arguments ...any) {
	j.wrong = append(j.wrong, fmt.Sprintf(format, arguments...))
}

// warnings are judged by themselves: none comes without a reason.
func (j *judge) warnings() {
	seen := make(map[string]int)
	for _, summary := range j.answer.warnings {
		seen[summary]++
	}
	j.warned = seen[mayBeIncomplete] == 1
	if j.warned && len(j.history.Changes) == 0 {
		j.say("a warning that the list may not be complete, though nothing changed")
	}
	amongAll := (j.asks("most_recent") || j.asks("latest_version")) && !j.asks("official") && j.arguments["workspace_id"] == nil
	if warned := seen[someoneElses] == 1; j.answer.state != nil && warned != amongAll {
		j.say("warned of someone else's image: %t", warned)
	}
	delete(seen, mayBeIncomplete)
	delete(seen, someoneElses)
	for summary := range seen {
		j.say("an unexpected warning: %s", summary)
	}
}

// list judges what pai_images gave.
func (j *judge) list() {
	images, _ := j.answer.state["images"].([]any)
	got := make(map[string]bool)
	before := object{}
	for k, one := range images {
		image := one.(object)
		id := text(image, "image_id")
		if got[id] {
			j.say("%s is there twice", id)
		}
		got[id] = true
		j.once(id, image)
		if k > 0 && !j.inOrder(before, image) {
			j.say("%s stands after %s", id, text(before, "image_id"))
		}
		before = image
		for list, attribute := range map[string]string{"ids": "image_id", "names": "name", "image_uris": "image_uri"} {
			values, _ := j.answer.state[list].([]any)
			if len(values) != len(images) || values[k] != image[attribute] {
				j.say("%s is not the %s of images", list, attribute)
			}
		}
	}
	if j.warned {
		return
	}
	for _, id := range j.history.AlwaysMatched(j.meets) {
		if !got[id] {
			j.say("%s was there all along and is missing", id)
		}
	}
	if total := number(j.answer.state, "total_count"); total < len(got) || j.arguments["name_regex"] == nil && j.arguments["version"] == nil &&
		j.arguments["official"] != false && total != len(got) {
		j.say("%d images of %d", len(got), total)
	}
}

// once says which version of the image it is, nil where it never was so or didn't meet the conditions then.
func (j *judge) once(id string, image object) *paisandbox.Image {
	for _, version := range j.history.Versions(id) {
		labels, _ := image["label_list"].([]any)
		want := len(version.Labels.Or(nil))
		if j.arguments["verbose"] == false {
			want = 0
		}
		if text(image, "name") == version.Name.Or("") && text(image, "image_uri") == version.ImageURI.Or("") &&
			text(image, "gmt_create_time") == version.GmtCreateTime.Or("") &&
			text(image, "gmt_modified_time") == version.GmtModifiedTime.Or("") && len(labels) == want && j.meets(&version) {
			return &version
		}
	}
	j.say("%s (%s, %s) never was", id, text(image, "name"), text(image, "gmt_create_time"))
	return nil
}

// inOrder compares text: the sandbox writes all its times in one form.
func (j *judge) inOrder(before, after object) bool {
	order := cmp.Or(strings.Compare(text(before, "gmt_create_time"), text(after, "gmt_create_time")),
		strings.Compare(text(before, "image_id"), text(after, "image_id")))
	if j.arguments["order"] == "DESC" {
		return order > 0
	}
	return order < 0
}

func text(of object, attribute string) string {
	text, _ := of[attribute].(string)
	return text
}

func number(of object, attribute string) int {
	switch number := of[attribute].(type) {
	case int64:
		return int(number)
	case uint64:
		return int(number) //nolint:gosec // a count of images
	}
	return -1
}
