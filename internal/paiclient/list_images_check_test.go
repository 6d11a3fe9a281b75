package paiclient_test

import (
	"cmp"
	"fmt"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// check says what is wrong with a listing.
func (s *schedule) check(listing *paiclient.ImageList, history *paisandbox.History) []string {
	var wrong []string
	say := func(format string, arguments ...any) { wrong = append(wrong, fmt.Sprintf(format, arguments...)) }
	got := make(map[string]bool)
	for k := range listing.Images {
		image := &listing.Images[k]
		if got[*image.ImageID] {
			say("%s is there twice", *image.ImageID)
		}
		got[*image.ImageID] = true
		if !s.wasOnce(image, history.Versions(*image.ImageID)) {
			say("%s (%s, %s) never was", *image.ImageID, *image.Name, *image.GmtCreateTime)
		}
		if k > 0 && !s.inOrder(&listing.Images[k-1], image) {
			say("%s stands after %s", *image.ImageID, *listing.Images[k-1].ImageID)
		}
	}
	if listing.Incomplete != nil {
		if len(history.Changes) == 0 {
			say("unsettled, though nothing changed")
		}
		return wrong
	}
	if listing.TotalCount == nil || *listing.TotalCount != int64(len(got)) {
		say("settled with %d images, and another count", len(got))
	}
	for _, id := range history.AlwaysMatched(s.meets) {
		if !got[id] {
			say("%s was there all along and is missing", id)
		}
	}
	return wrong
}

// wasOnce says whether the image is a version of it, whole, that met the condition.
func (s *schedule) wasOnce(image *pai.Image, versions []paisandbox.Image) bool {
	for _, version := range versions {
		labels := 0
		if s.input.Verbose {
			labels = len(version.Labels.Or(nil))
		}
		if *image.Name == version.Name.Or("") && *image.GmtCreateTime == version.GmtCreateTime.Or("") &&
			*image.GmtModifiedTime == version.GmtModifiedTime.Or("") && *image.ImageURI == version.ImageURI.Or("") &&
			len(image.Labels) == labels && s.meets(&version) {
			return true
		}
	}
	return false
}

// inOrder compares text, since the sandbox writes all its times in one form: the client's own comparison is not trusted here.
func (s *schedule) inOrder(before, after *pai.Image) bool {
	order := cmp.Or(strings.Compare(*before.GmtCreateTime, *after.GmtCreateTime), strings.Compare(*before.ImageID, *after.ImageID))
	if s.input.Order == paiclient.Descending {
		return order > 0
	}
	return order < 0
}
