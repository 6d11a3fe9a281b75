package images

import (
	"slices"
	"strings"

	"github.com/vmihailenco/msgpack/v5"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
	"terraform.local/pai/terraform-provider-pai/internal/wirestate"
)

// imageEncoder returns a function that encodes an image as an object with all imageAttributes. If omitLabels is true,
// label_map is null instead of empty.
func imageEncoder(omitLabels bool) func(*msgpack.Encoder, *selection.ParsedImage) error {
	return func(to *msgpack.Encoder, image *selection.ParsedImage) error {
		if err := to.EncodeMapLen(len(imageAttributes)); err != nil {
			return err
		}
		for i := range imageAttributes {
			if err := to.EncodeString(imageAttributes[i].name); err != nil {
				return err
			}
			encode := imageAttributes[i].encode
			if omitLabels && imageAttributes[i].name == "label_map" {
				encode = encodeNull
			}
			if err := encode(to, image); err != nil {
				return err
			}
		}
		return nil
	}
}

func encodeNull(to *msgpack.Encoder, _ *selection.ParsedImage) error { return to.EncodeNil() }

func encodeLabelList(to *msgpack.Encoder, image *pai.Image) error {
	if image.Labels == nil {
		return to.EncodeNil()
	}
	return wirestate.EncodeList(to, image.Labels, encodeLabel)
}

func encodeLabel(to *msgpack.Encoder, label *pai.Label) error {
	if err := to.EncodeMapLen(2); err != nil {
		return err
	}
	if err := to.EncodeString("key"); err != nil {
		return err
	}
	if err := wirestate.EncodeString(to, label.Key); err != nil {
		return err
	}
	if err := to.EncodeString("value"); err != nil {
		return err
	}
	return wirestate.EncodeString(to, label.Value)
}

func encodeLabelMap(to *msgpack.Encoder, image *pai.Image) error {
	labels := lastOfEachKey(image.Labels)
	if err := to.EncodeMapLen(len(labels)); err != nil {
		return err
	}
	for _, label := range labels {
		if err := to.EncodeString(label.key); err != nil {
			return err
		}
		if err := wirestate.EncodeString(to, label.value); err != nil {
			return err
		}
	}
	return nil
}

// keyedLabel is a label that has a key.
type keyedLabel struct {
	key   string
	value *string
}

// lastOfEachKey returns the labels that have a key, sorted by key. If several labels have the same key, it returns only
// the last of them.
//
// It normalizes keys to Unicode form C before it compares them, because Terraform does the same. Terraform would keep
// any of the labels whose keys become equal, not always the last. Sorting makes the encoding deterministic, and finds
// equal keys in less than quadratic time.
func lastOfEachKey(labels []pai.Label) []keyedLabel {
	keyed := make([]keyedLabel, 0, len(labels))
	for _, label := range slices.Backward(labels) {
		if label.Key != nil {
			keyed = append(keyed, keyedLabel{norm.NFC.String(*label.Key), label.Value})
		}
	}
	slices.SortStableFunc(keyed, func(a, b keyedLabel) int { return strings.Compare(a.key, b.key) })
	return slices.CompactFunc(keyed, func(a, b keyedLabel) bool { return a.key == b.key })
}
