package paisandbox

import (
	"net/http"
	"net/url"
	"strings"
)

const imagesPath = "/api/v1/images"

// imageNotFoundCode is in the form of AIWorkSpace's own codes; the one that the service uses is not published. It is
// not 100700008, which is a permission error that also comes as 404.
const imageNotFoundCode = "100700004"

// operation is an API operation that a request asks for.
type operation struct {
	action string
	serve  func(x *exchange, effects []Effect) (*Response, *Refusal)
}

// route finds the operation by path, and refuses a header that names another one.
func route(r *http.Request) (operation, *Refusal) {
	op, ok := operationAt(r.URL)
	if !ok {
		return op, ActionNotFound("please check your url and method")
	}
	if r.Method != http.MethodGet {
		return op, MethodNotSupported(op.action + " is a GET")
	}
	if action := r.Header.Get("X-Acs-Action"); action != "" && action != op.action {
		return op, ActionNotFound("the path is that of " + op.action)
	}
	if version := r.Header.Get("X-Acs-Version"); version != "" && version != apiVersion {
		return op, InvalidVersion()
	}
	return op, nil
}

func operationAt(u *url.URL) (operation, bool) {
	if u.Path == imagesPath {
		return operation{action: "ListImages", serve: listImages}, true
	}
	escaped, ok := strings.CutPrefix(u.EscapedPath(), imagesPath+"/")
	if !ok || escaped == "" || strings.Contains(escaped, "/") {
		return operation{}, false
	}
	id, err := url.PathUnescape(escaped)
	if err != nil {
		return operation{}, false
	}
	get := func(x *exchange, _ []Effect) (*Response, *Refusal) { return getImage(x, id) }
	return operation{action: "GetImage", serve: get}, true
}

// getImageResponse has the image's fields at its top level.
type getImageResponse struct {
	RequestID string `json:"RequestId"`
	Image
}

func getImage(x *exchange, id string) (*Response, *Refusal) {
	p := NewParameters(x.query)
	verbose := p.Bool("Verbose", false)
	if refused := p.Finish(); refused != nil {
		return nil, refused
	}
	for _, image := range x.sandbox.catalogue.snapshot() {
		if got, ok := image.ImageID.Get(); ok && got == id {
			image.ImageID = Omitted[string]()
			if !verbose {
				image.Labels = Omitted[[]Label]()
			}
			return x.jsonResponse(getImageResponse{RequestID: x.requestID, Image: image}), nil
		}
	}
	return nil, &Refusal{Status: http.StatusNotFound, Code: imageNotFoundCode, Message: "Image " + id + " does not exist."}
}

// listImagesResponse is one page.
type listImagesResponse struct {
	RequestID  string  `json:"RequestId"`
	TotalCount int     `json:"TotalCount"`
	Images     []Image `json:"Images"`
}

func listImages(x *exchange, effects []Effect) (*Response, *Refusal) {
	q, refused := parseListQuery(x.query, x.sandbox.maxPageSize)
	if refused != nil {
		return nil, refused
	}
	for _, e := range effects {
		if e.query != nil {
			if refused := e.query(x, &q); refused != nil {
				return nil, refused
			}
		}
	}
	answer := q.page(x.sandbox.catalogue.find(&q))
	for _, e := range effects {
		if e.page != nil {
			e.page(&answer)
		}
	}
	answer.RequestID = x.requestID
	return x.jsonResponse(answer), nil
}
