package paiclient

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// ListImageLabelsInput contains the parameters of ListImageLabels. The client doesn't send empty parameters.
type ListImageLabelsInput struct {
	ImageID     string
	WorkspaceID string
	Keys        []string          // keys of the labels to return; may not contain ","
	Labels      map[string]string // labels that images must have
	OneAttempt  bool              // whether to return the error of the first attempt, without a retry
}

// ImageLabels is the result of ListImageLabels.
type ImageLabels struct {
	Labels     []pai.Label // in the API's order
	TotalCount *int64      // reported by the API; nil if the API reported none
}

// ListImageLabels returns the labels of the images that match the input. It sends one request, because the API has no
// pages of labels.
//
// If a label or a key can't be expressed in the API's syntax, ListImageLabels returns an error and sends no request.
// Other errors have the same types as those of ListImages.
func (c *Client) ListImageLabels(ctx context.Context, in ListImageLabelsInput) (*ImageLabels, error) {
	parameters, err := in.parameters()
	if err != nil {
		return nil, err
	}
	if in.OneAttempt {
		ctx = context.WithValue(ctx, oneAttemptKey{}, true)
	}
	var result *ImageLabels
	decoder, release := c.memory.DecoderOf(ctx)
	defer release()
	err = c.get(ctx, decoder, "ListImageLabels", "/api/v1/image/labels", parameters, func(response *apiResponse) error {
		var body struct {
			Labels     *[]pai.Label `json:"Labels"`
			TotalCount *int64       `json:"TotalCount"`
			errorCode
		}
		if err := c.decode(ctx, response, &body); err != nil {
			return err
		}
		page, err := newItemPage(c, response, body.Labels, body.TotalCount)
		if err != nil {
			return err
		}
		result = &ImageLabels{Labels: page.items, TotalCount: page.total}
		return nil
	})
	return result, err
}

func (in ListImageLabelsInput) parameters() (url.Values, error) {
	for _, key := range in.Keys {
		if err := CheckLabelKey(key); err != nil {
			return nil, err
		}
	}
	filter, err := labelsParameter(in.Labels)
	if err != nil {
		return nil, err
	}
	parameters := url.Values{}
	setNonEmpty(parameters, map[string]string{
		"ImageId": in.ImageID, "WorkspaceId": in.WorkspaceID, "LabelFilter": filter, "LabelKeys": joinSorted(in.Keys),
	})
	return parameters, nil
}

// labelsParameter returns the value of the request parameter Labels: `key=value` pairs, sorted by key and separated by
// commas. It returns an error if the parameter can't contain a label.
func labelsParameter(labels map[string]string) (string, error) {
	filters := make([]string, 0, len(labels))
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if err := errors.Join(CheckLabelKey(key), CheckLabelValue(labels[key])); err != nil {
			return "", err
		}
		filters = append(filters, key+"="+labels[key])
	}
	return strings.Join(filters, ","), nil
}

// CheckLabelKey returns an error if the request parameter Labels can't contain the label key. The syntax of the
// parameter has no escapes for "=" and ",".
func CheckLabelKey(key string) error {
	switch {
	case strings.TrimSpace(key) == "":
		return errors.New("the label key is empty: set a key, or remove the label")
	case strings.ContainsAny(key, "=,"):
		return fmt.Errorf("label key %s contains \"=\" or \",\", which the API can't filter by", hcltext.Quote(key))
	}
	return nil
}

// CheckLabelValue returns an error if the request parameter Labels can't contain the label value. The syntax of the
// parameter has no escape for ",".
func CheckLabelValue(value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return errors.New("the label value is empty: use \"*\" to match any value")
	case strings.Contains(value, ","):
		return fmt.Errorf("label value %s contains \",\", which the API can't filter by", hcltext.Quote(value))
	}
	return nil
}
