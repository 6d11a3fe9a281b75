package paiclient_test

import (
	"cmp"
	"fmt"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// check compares a list with the history of the catalogue, and returns a description of each error in the list.
func (s *schedule) check(list *paiclient.ImageList, history *paisandbox.History) []string {
	var wrong []string
	report := func(format string, arguments ...any) { wrong = append(wrong, fmt.Sprintf(format, arguments...)) }
	listed := make(map[string]bool)
	for k := range list.Images {
		image := &list.Images[k]
		if listed[*image.ImageID] {
			report("%s is listed twice", *image.ImageID)
		}
		listed[*image.ImageID] = true
		if !s.everMatched(image, history.Versions(*image.ImageID)) {
			report("%s (%s, %s) never existed or matched", *image.ImageID, *image.Name, *image.GmtCreateTime)
		}
		if k > 0 && !s.inOrder(&list.Images[k-1], image) {
			report("%s is after %s", *image.ImageID, *list.Images[k-1].ImageID)
		}
	}
	if list.Incomplete != nil {
		if len(history.Changes) == 0 {
			report("incomplete although nothing changed")
		}
		return wrong
	}
	if list.TotalCount == nil || *list.TotalCount != int64(len(listed)) {
		report("complete with %d images, but another count", len(listed))
	}
	for _, id := range history.AlwaysMatched(s.matches) {
		if !listed[id] {
			report("%s matched all the time and is missing", id)
		}
	}
	return wrong
}

// everMatched reports whether the listed image equals one of the versions, and this version matches the input.
func (s *schedule) everMatched(image *pai.Image, versions []paisandbox.Image) bool {
	for _, version := range versions {
		labels := 0
		if s.in.Verbose {
			labels = len(version.Labels.Or(nil))
		}
		if *image.Name == version.Name.Or("") && *image.GmtCreateTime == version.GmtCreateTime.Or("") &&
			*image.GmtModifiedTime == version.GmtModifiedTime.Or("") && *image.ImageURI == version.ImageURI.Or("") &&
			len(image.Labels) == labels && s.matches(&version) {
			return true
		}
	}
	return false
}

// inOrder reports whether two images are in the requested order. It doesn't use the client's comparison, because the
// test checks that comparison. Comparing strings is sufficient, because the sandbox formats all times in the same way.
func (s *schedule) inOrder(first, second *pai.Image) bool {
	order := cmp.Or(
		strings.Compare(*first.GmtCreateTime, *second.GmtCreateTime), strings.Compare(*first.ImageID, *second.ImageID))
	if s.in.Order == paiclient.Descending {
		return order > 0
	}
	return order < 0
}
