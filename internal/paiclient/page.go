package paiclient

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

const (
	imagesPath       = "/api/v1/images"
	listImagesAction = "ListImages"
)

// page is one page of a listing as the API gave it.
type page struct {
	images []pai.Image
	total  *int64 // what the API counts over all pages; nil where it gives no count
}

// pageQuery says which page is meant.
type pageQuery struct {
	number  int // from 1
	size    int
	verbose bool // with labels
}

// page requests one page.
func (c *Client) page(ctx context.Context, input ListImagesInput, wanted pageQuery, texts *sharedTexts) (page, error) {
	query, err := input.query()
	if err != nil {
		return page{}, err
	}
	query.Set("PageNumber", strconv.Itoa(wanted.number))
	query.Set("PageSize", strconv.Itoa(wanted.size))
	query.Set("Verbose", strconv.FormatBool(wanted.verbose))

	var got page
	err = c.get(ctx, listImagesAction, imagesPath, query, func(a *answer) error {
		var body struct {
			Images     *[]pai.Image    `json:"Images"`
			TotalCount *int64          `json:"TotalCount"`
			Code       json.RawMessage `json:"Code"`
			Message    json.RawMessage `json:"Message"`
			RequestID  string          `json:"RequestId"`
		}
		if err := c.decode(a, &body, texts); err != nil {
			return err
		}
		// An error that comes as a success may have the fields of a list, too, but no images in them.
		empty := body.Images == nil || len(*body.Images) == 0
		if empty && (body.TotalCount == nil && body.Images == nil || kindOf(jsonText(body.Code), http.StatusOK) != KindOther) {
			return c.notTheAnswer(a, body.RequestID, body.Code, body.Message)
		}
		got = page{total: body.TotalCount}
		if body.Images != nil {
			got.images = *body.Images
		}
		for i := range got.images {
			trimTimes(&got.images[i])
		}
		return nil
	})
	return got, err
}

// trimTimes removes the white space that the API can leave around times.
func trimTimes(image *pai.Image) {
	for _, field := range []**string{&image.GmtCreateTime, &image.GmtModifiedTime} {
		if *field == nil {
			continue
		}
		if trimmed := strings.TrimSpace(**field); trimmed != **field {
			*field = &trimmed // the string itself is shared
		}
	}
}

func stringOrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
