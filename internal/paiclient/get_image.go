package paiclient

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// GetImage returns the image with the given ID. The image includes its labels if verbose is true.
//
// If the ID is invalid, GetImage returns the error of CheckImageID and sends no request. If there is no such image, the
// error is an *APIError of KindNotFound. Other errors have the same types as those of ListImages.
func (c *Client) GetImage(ctx context.Context, id string, verbose bool) (*pai.Image, error) {
	if err := CheckImageID(id); err != nil {
		return nil, err
	}
	const action = "GetImage"
	var image pai.Image
	parameters := url.Values{"Verbose": {strconv.FormatBool(verbose)}}
	decoder := c.memory.NewDecoder()
	defer decoder.Close()
	err := c.get(ctx, decoder, action, imagesPath+"/"+url.PathEscape(id), parameters, func(response *apiResponse) error {
		var body struct {
			pai.Image
			errorCode
		}
		if err := c.decode(ctx, response, &body); err != nil {
			return err
		}
		if reflect.ValueOf(body.Image).IsZero() {
			return c.bodyError(response, errMissingFields)
		}
		image = body.Image
		response.itemID = func(int) *string { return &id }
		return nil
	})
	if err != nil {
		return nil, err
	}
	image.ImageID = &id // the response omits the ID
	trimTimes(&image.GmtCreateTime, &image.GmtModifiedTime)
	return &image, nil
}

// CheckImageID returns an error if the ID can't be part of a request's path. It accepts all other IDs, because the
// format of IDs is not published.
func CheckImageID(id string) error {
	switch {
	case strings.TrimSpace(id) == "":
		return errors.New("the image ID is empty")
	case id == "." || id == "..":
		return fmt.Errorf("invalid image ID %s: use an ID such as image-172noqjc0sqq4jhh", hcltext.Quote(id))
	case containsSpaceOrControl(id):
		return fmt.Errorf("image ID %s contains whitespace or control characters: remove them", hcltext.Quote(id))
	}
	return nil
}
