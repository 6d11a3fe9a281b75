package paiclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// CheckImageID says why a text can't be an image's id, nil where it can. The form of ids is not published, so all that
// counts is that it can stand in a request's path as it is.
func CheckImageID(id string) error {
	switch {
	case strings.TrimSpace(id) == "":
		return errors.New("an image's id must not be empty")
	case id == "." || id == "..":
		return fmt.Errorf("%q is no image's id", id)
	case strings.ContainsFunc(id, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return fmt.Errorf("%q is no image's id: it has a blank, a line end or a control character in it", id)
	}
	return nil
}

// GetImage looks one image up by its id, with or without labels. The id of the result is the one asked for: the API
// leaves it out. No image with that id is an *APIError of KindNotFound; other errors are those of ListImages.
func (c *Client) GetImage(ctx context.Context, id string, verbose bool) (*pai.Image, error) {
	if err := CheckImageID(id); err != nil {
		return nil, err
	}
	const action = "GetImage"
	var image pai.Image
	query := url.Values{"Verbose": {strconv.FormatBool(verbose)}}
	err := c.get(ctx, action, imagesPath+"/"+url.PathEscape(id), query, func(a *answer) error {
		var body struct {
			pai.Image
			Code      json.RawMessage `json:"Code"`
			Message   json.RawMessage `json:"Message"`
			RequestID string          `json:"RequestId"`
		}
		if err := c.decode(a, &body, newSharedTexts()); err != nil {
			return err
		}
		if reflect.ValueOf(body.Image).IsZero() {
			return c.notTheAnswer(a, body.RequestID, body.Code, body.Message)
		}
		image = body.Image
		return nil
	})
	if err != nil {
		return nil, err
	}
	image.ImageID = &id
	trimTimes(&image)
	return &image, nil
}
