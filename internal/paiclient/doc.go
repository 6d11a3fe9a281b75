// Package paiclient calls the image API of Alibaba Cloud PAI (AIWorkSpace, version 2021-02-04).
//
// A Client signs, sends and retries requests. ListImages reads every page of a list and reports whether the list is
// known to be complete; GetImage reads one image. All errors have types that say what can be done about them.
//
// To follow a request, read list_images.go and page.go (or get_image.go), then call.go, and then what one attempt
// involves: pace.go (when it may be sent), signing.go, response.go and api_error.go (what came back), and retry.go
// (whether and when another attempt follows).
package paiclient
