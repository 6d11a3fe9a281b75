package paisandbox

import (
	"net/http"
	"net/url"
	"strings"
)

const (
	apiVersion = "2021-02-04"
	imagesPath = "/api/v1/images"

	// imageNotFoundCode is invented, because the API doesn't document the code for this error. It has the format of the
	// API's other codes, and differs from 100700008, a permission error that also has status 404.
	imageNotFoundCode = "100700004"
)

// operation is the API operation that a request is for.
type operation struct {
	action string
	serve  func(x *exchange, effects []Effect) (*Response, *ErrorResponse)
}

// route returns the operation for the request's path. It returns an error response if the path, the method, the action
// or the version is wrong.
func route(r *http.Request) (operation, *ErrorResponse) {
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
	serve := func(x *exchange, _ []Effect) (*Response, *ErrorResponse) { return getImage(x, id) }
	return operation{action: "GetImage", serve: serve}, true
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
	return nil, &ErrorResponse{Status: http.StatusNotFound, Code: imageNotFoundCode, Message: message}
}
