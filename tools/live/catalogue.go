package main

import (
	"encoding/json"
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// publishedImage has the members of an image that the catalogue file contains. It lacks the account, the workspace and
// the build of an image.
type publishedImage struct {
	ImageID         *string     `json:"ImageId,omitempty"`
	Name            *string     `json:"Name,omitempty"`
	Description     *string     `json:"Description,omitempty"`
	ImageURI        *string     `json:"ImageUri,omitempty"`
	Accessibility   *string     `json:"Accessibility,omitempty"`
	GmtCreateTime   *string     `json:"GmtCreateTime,omitempty"`
	GmtModifiedTime *string     `json:"GmtModifiedTime,omitempty"`
	Labels          []pai.Label `json:"Labels,omitempty"`
	Size            *int64      `json:"Size,omitempty"`
	SourceType      *string     `json:"SourceType,omitempty"`
}

// published returns the official images that may be published. An account may be able to set the label of official
// images on its own images, so an image that is not public or that belongs to a workspace of the account is omitted.
func (s *session) published() []publishedImage {
	images := []publishedImage{}
	for _, i := range s.official {
		label, _ := i.Label(pai.LabelOfficial)
		isOwn := slices.ContainsFunc(s.workspaces, func(w pai.Workspace) bool {
			return pai.OrEmpty(i.WorkspaceID) != "" && pai.OrEmpty(i.WorkspaceID) == pai.OrEmpty(w.WorkspaceID)
		})
		if label != "true" || pai.OrEmpty(i.Accessibility) != "PUBLIC" || isOwn {
			continue
		}
		images = append(images, publishedImage{
			i.ImageID, i.Name, i.Description, i.ImageURI, i.Accessibility, i.GmtCreateTime, i.GmtModifiedTime, i.Labels, i.Size,
			i.SourceType,
		})
	}
	return images
}

// encodeCatalogue returns a catalogue file of the sandbox. It has no workspaces, so the sandbox uses its own.
func encodeCatalogue(images []publishedImage) ([]byte, error) {
	return json.MarshalIndent(map[string]any{"Images": images}, "", "  ")
}
