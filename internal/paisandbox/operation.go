package paisandbox

import (
	"net/http"
	"net/url"
	"strings"
)

const (
	apiVersion = "2021-02-04"

	imagesPath           = "/api/v1/images"
	imageLabelsPath      = "/api/v1/image/labels"
	workspacesPath       = "/api/v1/workspaces"
	defaultWorkspacePath = "/api/v1/defaultWorkspaces"
)

// operation is the API operation that a request is for.
type operation struct {
	action string
	serve  func(x *exchange, effects []Effect) (*Response, *ErrorResponse)
}

// operations are the operations by path.
var operations = map[string]operation{
	imagesPath:           {"ListImages", listImages},
	imageLabelsPath:      {"ListImageLabels", listImageLabels},
	workspacesPath:       {"ListWorkspaces", listWorkspaces},
	defaultWorkspacePath: {"GetDefaultWorkspace", getDefaultWorkspace},
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
	if op, ok := operations[u.Path]; ok {
		return op, true
	}
	if id, ok := idBelow(u, imagesPath); ok {
		return operation{"GetImage", func(x *exchange, _ []Effect) (*Response, *ErrorResponse) {
			return getImage(x, id)
		}}, true
	}
	if id, ok := idBelow(u, workspacesPath); ok {
		return operation{"GetWorkspace", func(x *exchange, _ []Effect) (*Response, *ErrorResponse) {
			return getWorkspace(x, id)
		}}, true
	}
	return operation{}, false
}

// idBelow returns the ID in a path of the form parent/ID.
func idBelow(u *url.URL, parent string) (string, bool) {
	escaped, ok := strings.CutPrefix(u.EscapedPath(), parent+"/")
	if !ok || escaped == "" || strings.Contains(escaped, "/") {
		return "", false
	}
	id, err := url.PathUnescape(escaped)
	return id, err == nil
}
