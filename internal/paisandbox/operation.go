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
	serve  func(x *exchange, effects []Effect) (*response, *apiError)
}

// route finds the operation by path, and refuses a header that names another one.
func route(r *http.Request) (operation, *apiError) {
	op, ok := operationAt(r.URL)
	if !ok {
		return op, actionNotFound("please check your url and method")
	}
	if r.Method != http.MethodGet {
		return op, methodNotSupported(op.action + " is a GET")
	}
	if action := r.Header.Get("X-Acs-Action"); action != "" && action != op.action {
		return op, actionNotFound("the path is that of " + op.action)
	}
	if version := r.Header.Get("X-Acs-Version"); version != "" && version != apiVersion {
		return op, invalidVersion()
	}
	return op, nil
}

func actionNotFound(why string) *apiError {
	return &apiError{Status: http.StatusNotFound, Code: "InvalidAction.NotFound", Message: "Specified api is not found: " + why + "."}
}

func methodNotSupported(why string) *apiError {
	return &apiError{Status: http.StatusMethodNotAllowed, Code: "UnsupportedHTTPMethod", Message: "This http method is not supported: " + why + "."}
}

func invalidVersion() *apiError {
	return badRequest("InvalidVersion", "Specified parameter Version is not valid.")
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
	get := func(x *exchange, _ []Effect) (*response, *apiError) { return getImage(x, id) }
	return operation{action: "GetImage", serve: get}, true
}

// getImageResponse has the image's fields at its top level.
type getImageResponse struct {
	RequestID string `json:"RequestId"`
	Image
}

func getImage(x *exchange, id string) (*response, *apiError) {
	p := parameters{query: x.query}
	verbose := p.boolean("Verbose", false)
	if refused := p.finish(); refused != nil {
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
	return nil, &apiError{Status: http.StatusNotFound, Code: imageNotFoundCode, Message: "Image " + id + " does not exist."}
}

// listImagesResponse is one page.
type listImagesResponse struct {
	RequestID  string  `json:"RequestId"`
	TotalCount int     `json:"TotalCount"`
	Images     []Image `json:"Images"`
}

func listImages(x *exchange, effects []Effect) (*response, *apiError) {
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
