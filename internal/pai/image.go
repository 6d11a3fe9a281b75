// Package pai defines the types of the PAI domain: images, their labels, and the order of images.
//
// Package pai imports no other package of this module. Packages that filter and select images therefore don't depend on
// an HTTP client.
package pai

import (
	"slices"
	"strings"
)

// Image is a container image with the fields that the API returned. A field is nil if the API omitted it or sent null.
// A field that the API sent as an empty string points to an empty string.
//
// Images of the same list share strings. To change a field, replace its pointer, and never write through the pointer.
//
// Source of the fields: the reference page of ListImages.
type Image struct {
	ImageID         *string `json:"ImageId"`
	Name            *string `json:"Name"`
	Description     *string `json:"Description"`
	ImageURI        *string `json:"ImageUri"`
	Accessibility   *string `json:"Accessibility"`
	GmtCreateTime   *string `json:"GmtCreateTime"`   // without surrounding whitespace; see ParseTime
	GmtModifiedTime *string `json:"GmtModifiedTime"` // without surrounding whitespace; see ParseTime
	Labels          []Label `json:"Labels"`          // in the API's order; nil if the API sent no list
	UserID          *string `json:"UserId"`
	ParentUserID    *string `json:"ParentUserId"`
	WorkspaceID     *string `json:"WorkspaceId"`
	Size            *int64  `json:"Size"` // in bytes, but possibly in GB for old images
	SourceType      *string `json:"SourceType"`
	SourceID        *string `json:"SourceId"`
}

// Label returns the value of the last label with the key. The bool is false if no label has the key, or if the value of
// the last label with the key is nil.
func (i *Image) Label(key string) (string, bool) {
	for _, label := range slices.Backward(i.Labels) {
		if label.Key != nil && EqualText(*label.Key, key) {
			return OrEmpty(label.Value), label.Value != nil
		}
	}
	return "", false
}

// Identity returns the image's ID. For an image without an ID, Identity returns a string that combines other fields and
// never equals an ID.
func (i *Image) Identity() string {
	if i.ImageID != nil && *i.ImageID != "" {
		return *i.ImageID
	}
	return strings.Join([]string{
		"", OrEmpty(i.Name), OrEmpty(i.ImageURI), OrEmpty(i.GmtCreateTime), OrEmpty(i.WorkspaceID),
	}, "\x00")
}

// OrEmpty returns the string, or "" if the pointer is nil.
func OrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
