package paiclient

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

const (
	imagesPath       = "/api/v1/images"
	listImagesAction = "ListImages"
)

// imagePage is one page of a list.
type imagePage struct {
	images []pai.Image
	total  *int64 // number of images on all pages, as reported by the API; nil if the API reported none
}

// pageQuery selects a page.
type pageQuery struct {
	number  int // from 1
	size    int
	verbose bool // whether the response includes labels
}

// listPage requests one page.
func (c *Client) listPage(
	ctx context.Context, in ListImagesInput, query pageQuery, pool *stringPool,
) (imagePage, error) {
	parameters, err := in.parameters()
	if err != nil {
		return imagePage{}, err
	}
	parameters.Set("PageNumber", strconv.Itoa(query.number))
	parameters.Set("PageSize", strconv.Itoa(query.size))
	parameters.Set("Verbose", strconv.FormatBool(query.verbose))

	var page imagePage
	err = c.get(ctx, listImagesAction, imagesPath, parameters, func(response *apiResponse) error {
		var body struct {
			Images     *[]pai.Image `json:"Images"`
			TotalCount *int64       `json:"TotalCount"`
			errorBody
		}
		if err := c.decode(response, &body, pool); err != nil {
			return err
		}
		// The API can send an error with HTTP 200. Such a body may also have the fields of a list, but has no images.
		isEmpty := body.Images == nil || len(*body.Images) == 0
		isList := body.Images != nil || body.TotalCount != nil
		if isEmpty && (!isList || kindOf(jsonScalar(body.Code), http.StatusOK) != KindOther) {
			return c.unexpectedBody(response, body.errorBody)
		}
		page = imagePage{total: body.TotalCount}
		if body.Images != nil {
			page.images = *body.Images
		}
		for i := range page.images {
			trimTimes(&page.images[i])
		}
		return nil
	})
	return page, err
}

// trimTimes removes the whitespace that the API may send before or after a time.
func trimTimes(image *pai.Image) {
	for _, field := range []**string{&image.GmtCreateTime, &image.GmtModifiedTime} {
		if *field == nil {
			continue
		}
		if trimmed := strings.TrimSpace(**field); trimmed != **field {
			*field = &trimmed // the old string is shared with other images
		}
	}
}
