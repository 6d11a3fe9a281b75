package paiclient

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Image is one container image as the API describes it. A nil field is one that the API left out or sent as null;
// what it sent empty is empty here too. Source of the fields: the ListImages reference page.
type Image struct {
	ImageID         *string `json:"ImageId"`
	Name            *string `json:"Name"`
	Description     *string `json:"Description"`
	ImageURI        *string `json:"ImageUri"`
	Accessibility   *string `json:"Accessibility"`
	GmtCreateTime   *string `json:"GmtCreateTime"`   // RFC 3339, UTC, without the white space that the API may add
	GmtModifiedTime *string `json:"GmtModifiedTime"` // as GmtCreateTime
	Labels          []Label `json:"Labels"`          // in the API's order; nil where it sent none
	UserID          *string `json:"UserId"`
	ParentUserID    *string `json:"ParentUserId"`
	WorkspaceID     *string `json:"WorkspaceId"`
	Size            *int64  `json:"Size"` // bytes; the API once said GB, and old rows may hold it
	SourceType      *string `json:"SourceType"`
	SourceID        *string `json:"SourceId"`
}

// Label is one key and value on an image. A key may stand more than once.
type Label struct {
	Key   *string `json:"Key"`
	Value *string `json:"Value"`
}

// Label gives the value of the last label with this key, and whether that has one.
func (i *Image) Label(key string) (string, bool) {
	for _, label := range slices.Backward(i.Labels) {
		if label.Key != nil && *label.Key == key {
			return text(label.Value), label.Value != nil
		}
	}
	return "", false
}

// identity tells images apart: the id, or for one without an id everything that it is known by.
func (i *Image) identity() string {
	if i.ImageID != nil && *i.ImageID != "" {
		return *i.ImageID
	}
	return strings.Join([]string{"", text(i.Name), text(i.ImageURI), text(i.GmtCreateTime), text(i.WorkspaceID)}, "\x00")
}

// trim takes off the white space that the API leaves around times.
func (i *Image) trim() {
	for _, field := range []*string{i.GmtCreateTime, i.GmtModifiedTime} {
		if field != nil {
			*field = strings.TrimSpace(*field)
		}
	}
}

// CompareCreated orders images from the oldest to the newest, and by id where they are equally old. An image
// without a readable creation time counts as older than every other. The order is total: only equal images compare as 0.
func CompareCreated(a, b *Image) int {
	return cmp.Or(
		created(a).Compare(created(b)),
		strings.Compare(text(a.ImageID), text(b.ImageID)),
		strings.Compare(text(a.GmtCreateTime), text(b.GmtCreateTime)),
		strings.Compare(a.identity(), b.identity()),
	)
}

func created(i *Image) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text(i.GmtCreateTime))
	if err != nil {
		return time.Time{}
	}
	return at
}

func text(field *string) string {
	if field == nil {
		return ""
	}
	return *field
}
