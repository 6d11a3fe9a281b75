package paiclient

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

const (
	imagesPath       = "/api/v1/images"
	listImagesAction = "ListImages"
)

// Values of the fields SortBy and Order of ListImagesInput. Descending is the exact reverse of Ascending, also for
// images with equal creation times.
const (
	SortByCreated = "GmtCreateTime"
	Ascending     = "ASC"
	Descending    = "DESC"
)

// ListImagesInput contains the parameters of ListImages. The client doesn't send empty parameters.
type ListImagesInput struct {
	Name          string            // part of the image's name
	Query         string            // part of the image's name or description
	Labels        map[string]string // all must match; pai.AnyValue matches every value of the key
	ImageURI      string
	WorkspaceID   string // selects the workspace's own images; if empty, the API returns the official images
	Accessibility string // PUBLIC or PRIVATE
	SortBy        string // default SortByCreated, the only value that the API supports
	Order         string // default Ascending
	Verbose       bool   // whether the response includes labels
	PageSize      int    // 1 to MaxPageSize; 0 means the first of the default sizes that the service accepts
	PageNumber    int    // number of the only page to list, from 1; 0 means all pages
}

// ImageList is the result of ListImages.
type ImageList struct {
	Images       []pai.Image   // distinct, in the requested order
	TotalCount   *int64        // the largest count that the API reported; nil if the API reported none
	Pages        int           // number of pages in the last pass
	Passes       int           // number of passes over all pages
	Incomplete   *Incomplete   // not nil if the list may lack images
	PageMismatch *PageMismatch // not nil if a single page contradicts the total count
}

// ListImages returns all images that match the input. If the input has a page number, ListImages returns only the
// images of that page. The images are sorted by creation time and then by ID, in ascending or descending order. If the
// API returns an image twice, the list contains the version with the later modification time.
//
// ListImages reads a list of several pages up to maxPasses times. It stops after two consecutive passes that return the
// same images with the same modification times, if every page reports a total count equal to the number of images. If
// no two consecutive passes agree in this way, the field Incomplete of the result is set.
//
// Page N of size P contains the images at the positions from (N-1)*P to N*P-1 of the list, even if the service returns
// smaller or larger pages.
//
// Errors are of type *APIError, *ResponseError, *TransportError, *CredentialsError, *InterruptedError or
// *ListTooLargeError. If a label can't be expressed in the API's syntax, ListImages returns an error of another type
// and sends no request.
func (c *Client) ListImages(ctx context.Context, in ListImagesInput) (*ImageList, error) {
	decoder, release := c.memory.DecoderOf(ctx)
	defer release()
	l := lister[pai.Image]{
		client: c, action: listImagesAction, history: &c.imagePages,
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
		Incomplete: result.incomplete, PageMismatch: result.mismatch,
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
	err = c.get(ctx, decoder, listImagesAction, imagesPath, parameters, func(response *apiResponse) error {
		var body struct {
			Images     *[]pai.Image `json:"Images"`
			TotalCount *int64       `json:"TotalCount"`
			errorCode
		}
		if err := c.decode(ctx, response, &body); err != nil {
			return err
		}
		var err error
		if page, err = newItemPage(c, response, body.Images, body.TotalCount); err != nil {
			return err
		}
		for i := range page.items {
			trimTimes(&page.items[i].GmtCreateTime, &page.items[i].GmtModifiedTime)
		}
		response.itemID = itemIDs(page.items, func(image *pai.Image) *string { return image.ImageID })
		return nil
	})
	return page, err
}

func (in ListImagesInput) order() string { return cmp.Or(in.Order, Ascending) }

// parameters returns the request parameters that are the same for every page.
func (in ListImagesInput) parameters() (url.Values, error) {
	labels, err := labelsParameter(in.Labels)
	if err != nil {
		return nil, err
	}
	parameters := url.Values{"SortBy": {cmp.Or(in.SortBy, SortByCreated)}, "Order": {in.order()}}
	setNonEmpty(parameters, map[string]string{
		"Name": in.Name, "Query": in.Query, "Labels": labels, "ImageUri": in.ImageURI,
		"WorkspaceId": in.WorkspaceID, "Accessibility": in.Accessibility,
	})
	return parameters, nil
}

// setNonEmpty sets the parameters whose values are not empty. The API would filter by an empty value.
func setNonEmpty(parameters url.Values, values map[string]string) {
	for name, value := range values {
		if value != "" {
			parameters.Set(name, value)
		}
	}
}

// joinSorted returns the values in ascending order, separated by commas.
func joinSorted(values []string) string {
	return strings.Join(slices.Sorted(slices.Values(values)), ",")
}

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
	decoder, release := c.memory.DecoderOf(ctx)
	defer release()
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
		if err := checkItemID(body.ImageID, id); err != nil {
			return c.bodyError(response, err)
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
