package paiclient

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// ListImageLabelsInput contains the parameters of ListImageLabels. The client doesn't send empty parameters.
type ListImageLabelsInput struct {
	ImageID     string
	WorkspaceID string
	Keys        []string          // keys of the labels to return; may not contain ","
	Labels      map[string]string // labels that images must have
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
	var result *ImageLabels
	decoder := c.memory.NewDecoder()
	defer decoder.Close()
	err = c.get(ctx, decoder, "ListImageLabels", "/api/v1/image/labels", parameters, func(response *apiResponse) error {
		var body struct {
			Labels     *[]pai.Label `json:"Labels"`
			TotalCount *int64       `json:"TotalCount"`
			errorCode
		}
		if err := c.decode(ctx, response, &body); err != nil {
			return err
		}
		if body.Labels == nil && body.TotalCount == nil {
			return c.bodyError(response, errMissingFields)
		}
		result = &ImageLabels{TotalCount: body.TotalCount}
		if body.Labels != nil {
			result.Labels = *body.Labels
		}
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
	for name, value := range map[string]string{
		"ImageId": in.ImageID, "WorkspaceId": in.WorkspaceID, "LabelFilter": filter,
		"LabelKeys": strings.Join(slices.Sorted(slices.Values(in.Keys)), ","),
	} {
		if value != "" {
			parameters.Set(name, value)
		}
	}
	return parameters, nil
}
