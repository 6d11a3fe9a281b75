package paiclient

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// GetImage looks one image up by its id, with or without labels. The id of the result is the one asked for: the API
// leaves it out. No image with that id is an *APIError of KindNotFound; other errors are those of ListImages.
func (c *Client) GetImage(ctx context.Context, id string, verbose bool) (*Image, error) {
	if strings.TrimSpace(id) == "" || id == "." || id == ".." {
		return nil, errors.New("an image id must not be empty")
	}
	const action = "GetImage"
	var image Image
	query := url.Values{"Verbose": {strconv.FormatBool(verbose)}}
	err := c.get(ctx, action, imagesPath+"/"+url.PathEscape(id), query, func(response *http.Response) error {
		var body struct {
			Image
			Code      json.RawMessage `json:"Code"`
			Message   json.RawMessage `json:"Message"`
			RequestID string          `json:"RequestId"`
		}
		if err := c.decode(action, response, &body); err != nil {
			return err
		}
		if reflect.ValueOf(body.Image).IsZero() {
			return c.notTheAnswer(action, response, body.RequestID, body.Code, body.Message)
		}
		image = body.Image
		return nil
	})
	if err != nil {
		return nil, err
	}
	image.ImageID = &id
	image.trim()
	return &image, nil
}
