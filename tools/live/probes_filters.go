package main

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

var filterProbes = []probe{
	{"Name: the whole name", "found", imageFilter("Name", imageName, whole)},
	{"Name: part of the name", "found", imageFilter("Name", imageName, inner)},
	{"Name: in another case", "found", imageFilter("Name", imageName, otherCase)},
	{"Query: part of the description", "found", imageFilter("Query", imageDescription, inner)},
	{"Query: in another case", "found", imageFilter("Query", imageDescription, otherCase)},
	{"ImageUri: the whole URI", "found", imageFilter("ImageUri", imageURI, whole)},
	{"ImageUri: part of the URI", "found", imageFilter("ImageUri", imageURI, inner)},
	{"ImageUri: in another case", "found", imageFilter("ImageUri", imageURI, otherCase)},
	{"Labels: one label", "only images that have it", onlyLabelled},
	{"Labels: two labels", "both must match", labelFilter(anyChip, whole)},
	{"Labels: key=*", "any value of the key", labelFilter(anyChip, func(string) string { return pai.AnyValue })},
	{"Labels: * after a part of the value", "no image", labelFilter(anyChip, prefixPattern)},
	{"Labels: value in another case", "no image", labelFilter(anyChip, otherCase)},
	{"Labels: value with a space", "matches", labelFilter(withSpace, whole)},
	{"WorkspaceId: official images", "none", officialInWorkspace},
	{"WorkspaceName: the whole name", "found", workspaceFilter(whole)},
	{"WorkspaceName: part of the name", "found", workspaceFilter(inner)},
	{"WorkspaceName: in another case", "found", workspaceFilter(otherCase)},
}

func imageName(i pai.Image) string        { return pai.OrEmpty(i.Name) }
func imageDescription(i pai.Image) string { return pai.OrEmpty(i.Description) }
func imageURI(i pai.Image) string         { return pai.OrEmpty(i.ImageURI) }

// The ways to change a text before it is a filter. They return "" if the text can't be changed in this way.

func whole(s string) string { return s }

// inner returns the text without the first and the last character.
func inner(s string) string {
	_, first := utf8.DecodeRuneInString(s)
	_, last := utf8.DecodeLastRuneInString(s)
	if first+last >= len(s) {
		return ""
	}
	return strings.TrimSpace(s[first : len(s)-last])
}

// otherCase returns the text in upper case, or in lower case if it has no lower-case letters.
func otherCase(s string) string {
	for _, changed := range []string{strings.ToUpper(s), strings.ToLower(s)} {
		if changed != s {
			return changed
		}
	}
	return ""
}

// prefixPattern returns a pattern that would match the text, if the API had patterns.
func prefixPattern(s string) string {
	_, first := utf8.DecodeRuneInString(s)
	return s[:first] + pai.AnyValue
}

// imageFilter returns a function that filters by a changed text of an official image, and expects to find the image.
func imageFilter(parameter string, text func(pai.Image) string, change func(string) string) probeFunc {
	return func(ctx context.Context, s *session) (result, error) {
		image, ok := s.sample(func(i pai.Image) bool { return pai.OrEmpty(i.ImageID) != "" && change(text(i)) != "" })
		if !ok {
			return unseen("no official image to filter by")
		}
		page, err := s.imagesOnPage(ctx, parameters{parameter: change(text(image))}, 1)
		if err != nil {
			return result{}, err
		}
		return assessFound(page.contains(image), len(page.Images))
	}
}

func assessFound(isFound bool, matches int) (result, error) {
	if isFound {
		return assess(true, "found; matches on the first page: %d", count(matches))
	}
	return assess(false, "not found; matches on the first page: %d", count(matches))
}

func hasLabel(i pai.Image, matches func(key, value string) bool) bool {
	return indexLabel(i, matches) >= 0
}

// indexLabel returns the index of the first label that matches, or -1 if there is none.
func indexLabel(i pai.Image, matches func(key, value string) bool) int {
	return slices.IndexFunc(i.Labels, func(l pai.Label) bool {
		return matches(pai.OrEmpty(l.Key), pai.OrEmpty(l.Value))
	})
}

// onlyLabelled uses the pages that collect read.
func onlyLabelled(_ context.Context, s *session) (result, error) {
	if s.listed == 0 {
		return unseen("no images")
	}
	return assess(s.listed == len(s.official), "images without the label: %d of %d",
		count(s.listed-len(s.official)), count(s.listed))
}

// anyChip and withSpace select the label that labelFilter filters by.
func anyChip(key, value string) bool { return key == pai.LabelChipType && value != "" }

func withSpace(key, value string) bool {
	return strings.Contains(value, " ") && value == strings.TrimSpace(value) && !strings.ContainsAny(key+value, ",=")
}

// labelFilter returns a function that filters official images by a label of one of them, with a changed value. It
// compares the number of images with the number of those that it read and that have the label with exactly that value.
func labelFilter(isSuitable func(key, value string) bool, change func(string) string) probeFunc {
	return func(ctx context.Context, s *session) (result, error) {
		sample, ok := s.sample(func(i pai.Image) bool { return hasLabel(i, isSuitable) })
		switch {
		case !ok:
			return unseen("no label to filter by")
		case !s.countsAll():
			return unseen("TotalCount %d, images read: %d", count(s.pages[0].total()), count(s.listed))
		}
		label := sample.Labels[indexLabel(sample, isSuitable)]
		key, filter := pai.OrEmpty(label.Key), change(pai.OrEmpty(label.Value))
		if filter == "" {
			return unseen("the label has no letters")
		}
		page, err := s.images(ctx, officialImages.with("Labels", officialImages["Labels"]+","+key+"="+filter))
		if err != nil {
			return result{}, err
		}
		want := s.countOfficial(func(i pai.Image) bool {
			return hasLabel(i, func(otherKey, value string) bool {
				return otherKey == key && (filter == pai.AnyValue || value == filter)
			})
		})
		return assess(page.total() == want, "images that match: %d, expected: %d", count(page.total()), count(want))
	}
}

// officialInWorkspace lists the official images of a workspace.
func officialInWorkspace(ctx context.Context, s *session) (result, error) {
	workspace, ok := s.sampleWorkspace(whole)
	if !ok {
		return s.unseenWorkspaces()
	}
	page, err := s.images(ctx, officialImages.with("WorkspaceId", pai.OrEmpty(workspace.WorkspaceID)))
	if err != nil {
		return result{}, err
	}
	return assess(page.total() <= 0, "images: %d", count(page.total()))
}

func workspaceFilter(change func(string) string) probeFunc {
	return func(ctx context.Context, s *session) (result, error) {
		workspace, ok := s.sampleWorkspace(change)
		if !ok {
			return s.unseenWorkspaces()
		}
		found, err := s.listWorkspaces(ctx, parameters{"WorkspaceName": change(pai.OrEmpty(workspace.WorkspaceName))})
		if err != nil {
			return result{}, err
		}
		return assessFound(slices.ContainsFunc(found, func(other pai.Workspace) bool {
			return other.Identity() == workspace.Identity()
		}), len(found))
	}
}

// sampleWorkspace returns the first workspace with a name that can be changed.
func (s *session) sampleWorkspace(change func(string) string) (pai.Workspace, bool) {
	at := slices.IndexFunc(s.workspaces, func(w pai.Workspace) bool {
		return pai.OrEmpty(w.WorkspaceID) != "" && change(pai.OrEmpty(w.WorkspaceName)) != ""
	})
	if at < 0 {
		return pai.Workspace{}, false
	}
	return s.workspaces[at], true
}

func (s *session) unseenWorkspaces() (result, error) {
	if s.workspacesErr != nil {
		return unseen("ListWorkspaces: %s", failureOf(s.workspacesErr))
	}
	return unseen("no workspace is listed")
}
