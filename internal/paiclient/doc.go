// Package paiclient calls the API of Alibaba Cloud PAI (AIWorkSpace, version 2021-02-04).
//
// A Service has a Client for each endpoint. A Client signs, sends and retries requests. ListImages reads every page of
// a list and reports whether the list may be incomplete. GetImage reads one image. ListWorkspaces, GetWorkspace and
// ListImageLabels do the same for workspaces and labels. The errors of requests have the types in errors.go.
//
// To follow a request through the code, read the files in this order:
//
//   - images.go, workspaces.go or image_labels.go: the operations
//   - list.go, list_passes.go and pass.go: how the pages of a list are read
//   - call.go: one API call with all its attempts
//   - pace.go: when an attempt may be sent
//   - signing.go: how an attempt is signed and sent
//   - connection/connection.go: how long an attempt may wait for a connection
//   - response.go and api_error.go: how a response is read
//   - retry.go: whether and when another attempt is sent
package paiclient
