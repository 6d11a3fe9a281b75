package paisandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// imageNotFoundCode is invented, because the API doesn't document the code for this error. It has the format of the
// API's other codes, and differs from 100700008, a permission error that also has status 404.
const imageNotFoundCode = "100700004"

// listImagesResponse is the response of ListImages: a page of images.
type listImagesResponse struct {
	RequestID  string  `json:"RequestId"`
	TotalCount int     `json:"TotalCount"`
	Images     []Image `json:"Images"`
}

func listImages(x *exchange, effects []Effect) (*Response, *ErrorResponse) {
	q, errResp := parseImageQuery(x.query, x.sandbox.maxPageSize)
	if errResp != nil {
		return nil, errResp
	}
	q.region = x.region()
	for _, e := range effects {
		if e.images != nil {
			e.images(&q)
		}
	}
	matches, total, errResp := readPage(x, effects, &q.listQuery, func() []*Image {
		return x.sandbox.images.find(q.key(), q.find)
	})
	if errResp != nil {
		return nil, errResp
	}
	page := listImagesResponse{RequestID: x.requestID, TotalCount: total, Images: []Image{}}
	for _, match := range matches {
		image := *match
		if !q.verbose {
			image.Labels = Omitted[[]Label]()
		}
		page.Images = append(page.Images, image)
	}
	return x.jsonResponse(page), nil
}

// imageQuery holds the parameters of a ListImages request.
type imageQuery struct {
	listQuery

	region                   string // from the request's host name
	name, query, imageURI    string
	workspace, accessibility string
	labels                   []Label
}

func parseImageQuery(query url.Values, maxPageSize int) (imageQuery, *ErrorResponse) {
	p := NewParameters(query)
	q := imageQuery{
		listQuery:     p.listQuery(maxPageSize, "", "GmtCreateTime"),
		name:          p.Optional("Name"),
		query:         p.Optional("Query"),
		imageURI:      p.Optional("ImageUri"),
		workspace:     p.Optional("WorkspaceId"),
		accessibility: p.OneOf("Accessibility", "", "PUBLIC", "PRIVATE"),
		labels:        p.labels("Labels"),
	}
	return q, p.Err()
}

// key returns a string that is the same for all pages of a listing.
func (q *imageQuery) key() string {
	shared := *q
	shared.listQuery = q.withoutPage()
	return fmt.Sprintf("%#v", shared)
}

// find returns the matching images in the order of the query.
func (q *imageQuery) find(images []Image) []*Image {
	return findItems(&q.listQuery, images, q.match,
		func(i *Image) Field[string] { return i.GmtCreateTime },
		func(i *Image) string { return i.ImageID.Or(i.ImageURI.Or("")) })
}

// match reports whether the image matches every filter. The API doesn't document whether its fuzzy filters ignore case,
// or whether ImageUri is an exact filter. The sandbox ignores case and matches substrings, because the result is larger
// and clients must handle it.
func (q *imageQuery) match(i *Image) bool {
	if !i.isInRegion(q.region) {
		return false
	}
	if !containsFold(i.Name.Or(""), q.name) || !containsFold(i.ImageURI.Or(""), q.imageURI) {
		return false
	}
	if !containsFold(i.Name.Or(""), q.query) && !containsFold(i.Description.Or(""), q.query) {
		return false
	}
	if q.workspace != "" && i.WorkspaceID.Or("") != q.workspace {
		return false
	}
	if q.accessibility != "" && i.Accessibility.Or("") != q.accessibility {
		return false
	}
	return hasLabels(i, q.labels)
}

// hasLabels reports whether the image has every label.
func hasLabels(i *Image, labels []Label) bool {
	return !slices.ContainsFunc(labels, func(want Label) bool { return !hasLabel(i, want) })
}

// hasLabel reports whether the image has the label. The value "*" matches every value.
func hasLabel(i *Image, want Label) bool {
	return slices.ContainsFunc(i.Labels.Or(nil), func(l Label) bool {
		return l.Key == want.Key && (want.Value == "*" || l.Value == want.Value)
	})
}

// getImageResponse is the response of GetImage. Its JSON object contains the fields of the image itself.
type getImageResponse struct {
	RequestID string `json:"RequestId"`
	Image
}

// getImage returns the image without its ID, because the API omits the ID in this response.
func getImage(x *exchange, id string) (*Response, *ErrorResponse) {
	p := NewParameters(x.query)
	verbose := p.Bool("Verbose", false)
	if errResp := p.Err(); errResp != nil {
		return nil, errResp
	}
	for _, image := range x.sandbox.images.snapshot() {
		if other, ok := image.ImageID.Get(); ok && other == id && image.isInRegion(x.region()) {
			image.ImageID = Omitted[string]()
			if !verbose {
				image.Labels = Omitted[[]Label]()
			}
			return x.jsonResponse(getImageResponse{RequestID: x.requestID, Image: image}), nil
		}
	}
	message := "Image " + id + " does not exist."
	return nil, &ErrorResponse{Status: http.StatusNotFound, Code: imageNotFoundCode, Message: message}
}
