package paiclient

import (
	"context"
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
			errorCode
		}
		if err := c.decode(response, &body, pool); err != nil {
			return err
		}
		if body.Images == nil && body.TotalCount == nil {
			return c.bodyError(response, errMissingFields)
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
