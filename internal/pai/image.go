// Package pai has the types of the PAI domain: images and their labels, and the order of images.
//
// It imports no other package of this module, so that filtering and selecting images needs no HTTP client.
package pai

import (
	"slices"
	"strings"
)

// Image is one container image as the API describes it. A field is nil where the API omitted it or sent null;
// a field that the API sent empty is empty. Images of one list share strings, so replace a pointer and never
// write through it.
//
// Source of the fields: the reference page of ListImages.
type Image struct {
	ImageID         *string `json:"ImageId"`
	Name            *string `json:"Name"`
	Description     *string `json:"Description"`
	ImageURI        *string `json:"ImageUri"`
	Accessibility   *string `json:"Accessibility"`
	GmtCreateTime   *string `json:"GmtCreateTime"`   // RFC 3339 in UTC, trimmed
	GmtModifiedTime *string `json:"GmtModifiedTime"` // RFC 3339 in UTC, trimmed
	Labels          []Label `json:"Labels"`          // in the API's order; nil where the API sent no list
	UserID          *string `json:"UserId"`
	ParentUserID    *string `json:"ParentUserId"`
	WorkspaceID     *string `json:"WorkspaceId"`
	Size            *int64  `json:"Size"` // in bytes; images added long ago may have a size in GB
	SourceType      *string `json:"SourceType"`
	SourceID        *string `json:"SourceId"`
}

// Label returns the value of the last label with the key. The result is false if no label has the key,
// or if the last one has no value.
func (i *Image) Label(key string) (string, bool) {
	for _, label := range slices.Backward(i.Labels) {
		if label.Key != nil && *label.Key == key {
			return stringOrEmpty(label.Value), label.Value != nil
		}
	}
	return "", false
}

// Identity returns the image's ID. For an image without an ID, it returns a string made of the fields that
// identify it otherwise, which never equals an ID.
func (i *Image) Identity() string {
	if i.ImageID != nil && *i.ImageID != "" {
		return *i.ImageID
	}
	return strings.Join([]string{
		"", stringOrEmpty(i.Name), stringOrEmpty(i.ImageURI), stringOrEmpty(i.GmtCreateTime), stringOrEmpty(i.WorkspaceID),
	}, "\x00")
}

func stringOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
