package paiclient

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Image is one container image as the API describes it. A nil field is one that the API left out or sent as null;
// what it sent empty is empty here too. Images share texts: put another pointer into a field, and never write through one.
// Source of the fields: the ListImages reference page.
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
	for _, field := range []**string{&i.GmtCreateTime, &i.GmtModifiedTime} {
		if *field == nil {
			continue
		}
		if trimmed := strings.TrimSpace(**field); trimmed != **field {
			*field = &trimmed // the text itself is shared
		}
	}
}

// CompareCreated orders images from the oldest to the newest, and by id where they are equally old. An image
// without a readable creation time counts as older than every other. The order is total: only equal images compare as 0.
func CompareCreated(a, b *Image) int {
	return compareDated(newDated(a), newDated(b))
}

// sortByCreated gives the images in the order of CompareCreated. It reads each time once, not at every comparison.
func sortByCreated(images []Image) []Image {
	order := make([]dated, len(images))
	for i := range images {
		order[i] = newDated(&images[i])
	}
	slices.SortFunc(order, compareDated)
	sorted := make([]Image, len(images))
	for i := range order {
		sorted[i] = *order[i].image
	}
	return sorted
}

// dated is an image with its creation time, the zero time where that can't be read.
type dated struct {
	image   *Image
	created time.Time
}

func newDated(image *Image) dated {
	created, _ := time.Parse(time.RFC3339Nano, text(image.GmtCreateTime)) // zero where it fails
	return dated{image, created}
}

func compareDated(a, b dated) int {
	if order := a.created.Compare(b.created); order != 0 {
		return order
	}
	return cmp.Or(
		strings.Compare(text(a.image.ImageID), text(b.image.ImageID)),
		strings.Compare(text(a.image.GmtCreateTime), text(b.image.GmtCreateTime)),
		strings.Compare(a.image.identity(), b.image.identity()),
	)
}

func text(field *string) string {
	if field == nil {
		return ""
	}
	return *field
}
