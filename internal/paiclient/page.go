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

// requestImages requests one page of ListImages.
func (c *Client) requestImages(
	ctx context.Context, in ListImagesInput, query pageQuery, pool *stringPool,
) (itemPage[pai.Image], error) {
	parameters, err := in.parameters()
	if err != nil {
		return itemPage[pai.Image]{}, err
	}
	parameters.Set("PageNumber", strconv.Itoa(query.number))
	parameters.Set("PageSize", strconv.Itoa(query.size))
	parameters.Set("Verbose", strconv.FormatBool(query.verbose))

	var page itemPage[pai.Image]
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
		page = itemPage[pai.Image]{total: body.TotalCount}
		if body.Images != nil {
			page.items = *body.Images
		}
		for i := range page.items {
			trimTimes(&page.items[i])
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
