package pai

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

// AnyValue is the label value with which a filter matches every value of the label key.
const AnyValue = "*"
