package paiclient

import (
	"context"
	"slices"
	"strconv"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

const (
	imagesPath       = "/api/v1/images"
	listImagesAction = "ListImages"
)

// ImageList is the result of ListImages.
type ImageList struct {
	Images     []pai.Image // distinct, in the requested order
	TotalCount *int64      // reported by the API; nil if the API reported none
	Pages      int         // number of pages in the last pass
	Passes     int         // number of passes over all pages
	Incomplete *Incomplete // not nil if the list may lack images
	ShortPage  *ShortPage  // not nil if a single requested page is shorter than the total count implies
}

// ListImages returns all images that match the input. If the input has a page number, ListImages returns only the
// images of that page. The images are sorted by creation time and then by ID, in ascending or descending order.
//
// ListImages reads a list of several pages up to maxPasses times. It stops after two consecutive passes that return the
// same images with the same modification times, if every page reports a total count equal to the number of images. If
// no two consecutive passes agree in this way, the field Incomplete of the result is set.
//
// Errors are of type *APIError, *ResponseError, *TransportError, *CredentialsError or *InterruptedError. If a label
// can't be expressed in the API's syntax, ListImages returns an error of another type and sends no request.
func (c *Client) ListImages(ctx context.Context, in ListImagesInput) (*ImageList, error) {
	decoder := paijson.NewDecoder()
	l := lister[pai.Image]{
		client: c,
		request: func(ctx context.Context, query pageQuery) (itemPage[pai.Image], error) {
			return c.requestImages(ctx, in, query, decoder)
		},
		keys: itemKeys[pai.Image]{
			identity: (*pai.Image).Identity,
			modified: func(image *pai.Image) *string { return image.GmtModifiedTime },
		},
		verbose: in.Verbose, size: in.PageSize, number: in.PageNumber,
	}
	result, err := l.list(ctx)
	if err != nil {
		return nil, err
	}
	images := pai.SortByCreated(result.items)
	if in.order() == Descending {
		slices.Reverse(images)
	}
	return &ImageList{
		Images: images, TotalCount: result.total, Pages: result.pages, Passes: result.passes,
		Incomplete: result.incomplete, ShortPage: result.short,
	}, nil
}

// requestImages requests one page of ListImages.
func (c *Client) requestImages(
	ctx context.Context, in ListImagesInput, query pageQuery, decoder *paijson.Decoder,
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
		if err := c.decode(response, &body, decoder); err != nil {
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
			trimTimes(&page.items[i].GmtCreateTime, &page.items[i].GmtModifiedTime)
		}
		response.itemID = itemIDs(page.items, func(image *pai.Image) *string { return image.ImageID })
		return nil
	})
	return page, err
}
