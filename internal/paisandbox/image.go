package paisandbox

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"math/big"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Image is an image in the JSON format of the API.
type Image struct {
	Name            Field[string]  `json:"Name,omitzero"`
	GmtCreateTime   Field[string]  `json:"GmtCreateTime,omitzero"`
	Description     Field[string]  `json:"Description,omitzero"`
	ImageURI        Field[string]  `json:"ImageUri,omitzero"`
	Labels          Field[[]Label] `json:"Labels,omitzero"`
	ImageID         Field[string]  `json:"ImageId,omitzero"`
	Accessibility   Field[string]  `json:"Accessibility,omitzero"`
	GmtModifiedTime Field[string]  `json:"GmtModifiedTime,omitzero"`
	UserID          Field[string]  `json:"UserId,omitzero"`
	ParentUserID    Field[string]  `json:"ParentUserId,omitzero"`
	WorkspaceID     Field[string]  `json:"WorkspaceId,omitzero"`
	Size            Field[int64]   `json:"Size,omitzero"`
	SourceType      Field[string]  `json:"SourceType,omitzero"`
	SourceID        Field[string]  `json:"SourceId,omitzero"`
}

// Label is a label of an image.
type Label struct {
	Key   string `json:"Key"`
	Value string `json:"Value"`
}

// L returns a Label.
func L(key, value string) Label { return Label{Key: key, Value: value} }

const (
	timeFormat = "2006-01-02T15:04:05.000Z"

	officialUser  = "1000000000000001" // an invented account ID
	workspaceUser = "1000000000002077" // an invented account ID
)

var defaultCreation = time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)

// Official returns an official image of PAI with every field set. It derives the name and the ID from the URI. The
// labels are system.official=true and the given ones. All images have the same creation time; use CreatedAt to change
// it.
func Official(uri string, labels ...Label) Image {
	i := newImage(uri, append([]Label{L("system.official", "true")}, labels...))
	i.UserID, i.ParentUserID, i.WorkspaceID = Value(officialUser), Value(officialUser), Value("")
	return i
}

// Custom returns a private image of a workspace with every field set. It derives the name and the ID from the URI. Its
// labels are the given ones only.
func Custom(workspaceID, uri string, labels ...Label) Image {
	i := newImage(uri, labels)
	i.Name = Value(customName(uri))
	i.ImageID = Value(imageID(workspaceID + " " + uri))
	i.UserID, i.ParentUserID, i.WorkspaceID = Value(workspaceUser), Value(workspaceUser), Value(workspaceID)
	i.Accessibility = Value("PRIVATE")
	return i
}

// notInCustomNames matches what the name of a custom image can't contain.
var notInCustomNames = regexp.MustCompile(`[^a-z0-9]+`)

// customName returns a name that AddImage accepts: 1 to 50 lower-case letters, digits and hyphens, the first one a
// letter.
func customName(uri string) string {
	name := strings.Trim(notInCustomNames.ReplaceAllString(strings.ToLower(path.Base(uri)), "-"), "-")
	if name == "" || name[0] < 'a' {
		name = "image-" + name
	}
	return strings.TrimRight(name[:min(len(name), 50)], "-")
}

func newImage(uri string, labels []Label) Image {
	return Image{
		Name:          Value(path.Base(uri)),
		Description:   Value("Image " + path.Base(uri)),
		ImageURI:      Value(uri),
		Labels:        Value(labels),
		ImageID:       Value(imageID(uri)),
		Accessibility: Value("PUBLIC"),
		Size:          Value(int64(4_500_000_000)),
		SourceType:    Value(""),
		SourceID:      Value(""),
	}.CreatedAt(defaultCreation)
}

// With returns a copy of the image with the changes applied.
func (i Image) With(changes ...func(*Image)) Image {
	i = i.clone()
	for _, change := range changes {
		change(&i)
	}
	return i
}

// CreatedAt returns a copy of the image with t as its creation and modification times.
func (i Image) CreatedAt(t time.Time) Image {
	return i.With(func(i *Image) {
		i.GmtCreateTime = Value(t.UTC().Format(timeFormat))
		i.GmtModifiedTime = i.GmtCreateTime
	})
}

func (i Image) clone() Image {
	if labels, ok := i.Labels.Get(); ok {
		i.Labels = Value(slices.Clone(labels))
	}
	return i
}

// imageID returns an ID in the format of the API, derived from the seed.
func imageID(seed string) string {
	return "image-" + pseudoRandomID(seed)
}

// pseudoRandomID returns 16 characters of 0-9a-z, derived from the seed.
func pseudoRandomID(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	return new(big.Int).SetBytes(sum[:]).Text(36)[:16]
}

// Field is a field of an image or a workspace. The API may omit a field, send null, or send a value, which may be
// empty. Clients must distinguish these cases. The zero Field is omitted.
type Field[T any] struct {
	sent bool
	null bool
	v    T
}

// Value returns a field with the value v.
func Value[T any](v T) Field[T] { return Field[T]{sent: true, v: v} }

// Null returns a field that is sent as null.
func Null[T any]() Field[T] { return Field[T]{sent: true, null: true} }

// Omitted returns a field that is not sent.
func Omitted[T any]() Field[T] { return Field[T]{} }

// Get returns the field's value. The bool reports whether the field has a value.
func (f Field[T]) Get() (T, bool) { return f.v, f.sent && !f.null }

// Or returns the field's value. If the field has none, it returns v.
func (f Field[T]) Or(v T) T {
	if f.sent && !f.null {
		return f.v
	}
	return v
}

// IsZero reports whether the field is omitted. Package encoding/json calls it because of the option omitzero.
func (f Field[T]) IsZero() bool { return !f.sent }

// Equal reports whether two fields are equal. Package cmp calls it.
func (f Field[T]) Equal(other Field[T]) bool { return reflect.DeepEqual(f, other) }

// MarshalJSON returns the value or null as JSON.
func (f Field[T]) MarshalJSON() ([]byte, error) {
	if f.null {
		return []byte("null"), nil
	}
	return json.Marshal(f.v)
}

// UnmarshalJSON parses a value or null.
func (f *Field[T]) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*f = Null[T]()
		return nil
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*f = Value(v)
	return nil
}
