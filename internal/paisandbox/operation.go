package paisandbox

import (
	"net/http"
	"net/url"
	"strings"
)

const (
	apiVersion = "2021-02-04"
	imagesPath = "/api/v1/images"

	// imageNotFoundCode has the format of AIWorkSpace's other codes, because the API doesn't document the one it sends. It
	// is not 100700008, a permission error that also has status 404.
	imageNotFoundCode = "100700004"
)

// operation is the API operation that a request calls.
type operation struct {
	action string
	serve  func(x *exchange, effects []Effect) (*Response, *Refusal)
}

// route returns the operation at the request's path. It returns an error if the method, the action or the version
// differs.
func route(r *http.Request) (operation, *Refusal) {
	op, ok := operationAt(r.URL)
	if !ok {
		return op, ActionNotFound("please check your url and method")
	}
	if r.Method != http.MethodGet {
		return op, MethodNotSupported(op.action + " requires GET")
	}
	if action := r.Header.Get("X-Acs-Action"); action != "" && action != op.action {
		return op, ActionNotFound("this path belongs to " + op.action)
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
	serve := func(x *exchange, _ []Effect) (*Response, *Refusal) { return getImage(x, id) }
	return operation{action: "GetImage", serve: serve}, true
}

// getImageResponse has the fields of the image at its top level.
type getImageResponse struct {
	RequestID string `json:"RequestId"`
	Image
}

// getImage responds with the image but for its ID, which the API omits here.
func getImage(x *exchange, id string) (*Response, *Refusal) {
	p := NewParameters(x.query)
	verbose := p.Bool("Verbose", false)
	if refusal := p.Finish(); refusal != nil {
		return nil, refusal
	}
	for _, image := range x.sandbox.catalogue.snapshot() {
		if other, ok := image.ImageID.Get(); ok && other == id {
			image.ImageID = Omitted[string]()
			if !verbose {
				image.Labels = Omitted[[]Label]()
			}
			return x.jsonResponse(getImageResponse{RequestID: x.requestID, Image: image}), nil
		}
	}
	message := "Image " + id + " does not exist."
	return nil, &Refusal{Status: http.StatusNotFound, Code: imageNotFoundCode, Message: message}
}
