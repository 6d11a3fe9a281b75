package paisandbox

import (
	"crypto/sha256"
	"math/big"
	"path"
	"slices"
	"time"
)

// Image is an image as the API sends it.
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

// Label is one label of an image.
type Label struct {
	Key   string `json:"Key"`
	Value string `json:"Value"`
}

// L is a label.
func L(key, value string) Label { return Label{Key: key, Value: value} }

const (
	timeFormat = "2006-01-02T15:04:05.000Z"

	officialUser  = "1000000000000001" // made up, as every account here
	workspaceUser = "1000000000002077"
)

var defaultCreation = time.Date(2025, 3, 4, 5, 6, 7, 0, time.UTC)

// Official is an image of PAI's own with every field set: its name and id follow from the URI, it is labelled
// system.official=true, and then as given. All are created at the same time, unless CreatedAt says otherwise.
func Official(uri string, labels ...Label) Image {
	i := newImage(uri, append([]Label{L("system.official", "true")}, labels...))
	i.UserID, i.ParentUserID, i.WorkspaceID = Value(officialUser), Value(officialUser), Value("")
	return i
}

// Custom is a private image of a workspace with every field set, labelled as given.
func Custom(workspaceID, uri string, labels ...Label) Image {
	i := newImage(uri, labels)
	i.ImageID = Value(imageID(workspaceID + " " + uri))
	i.UserID, i.ParentUserID, i.WorkspaceID = Value(workspaceUser), Value(workspaceUser), Value(workspaceID)
	i.Accessibility = Value("PRIVATE")
	return i
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

// With is a copy of the image after the changes.
func (i Image) With(changes ...func(*Image)) Image {
	i = i.clone()
	for _, change := range changes {
		change(&i)
	}
	return i
}

// CreatedAt is a copy of the image that was created, and last modified, at t.
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

// imageID makes an id in the form of the service's out of a text.
func imageID(text string) string {
	return "image-" + base36(text)
}

// base36 is 16 characters of 0-9a-z that look random and follow from the text.
func base36(text string) string {
	sum := sha256.Sum256([]byte(text))
	return new(big.Int).SetBytes(sum[:]).Text(36)[:16]
}
