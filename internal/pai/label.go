package pai

import "golang.org/x/text/unicode/norm"

// Label is a label of an image. An image can have several labels with the same key.
type Label struct {
	Key   *string `json:"Key"`
	Value *string `json:"Value"`
}

// Keys of labels that PAI sets on images. Source: the labels that the vendor's own tools read.
const (
	LabelOfficial        = "system.official"   // "true" on images that PAI maintains
	LabelSupportedPrefix = "system.supported." // followed by a product: dlc, dsw or eas
	LabelChipType        = "system.chipType"
	LabelFrameworkPrefix = "system.framework." // followed by a framework's name; the value is the framework's version
)

// EqualText reports whether a text of the API is equal to wanted, which must be in Unicode form C. The API's text can
// be in another form, which Terraform converts to form C.
func EqualText(text, wanted string) bool { return text == wanted || norm.NFC.String(text) == wanted }

// AnyValue is the label value with which a filter matches every value of the label key.
const AnyValue = "*"
