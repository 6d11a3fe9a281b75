// Package identity contains servers that issue sessions for a sandbox: STS, a sidecar, the metadata service of an ECS
// instance, and the logins of the Alibaba Cloud CLI (CloudSSO and OAuth). A Proxy routes the host names of the real
// services to these servers.
//
// Each server except a Proxy belongs to a sandbox. The sandbox accepts the sessions that the server issues, and closing
// the sandbox closes the server.
package identity

import (
	"encoding/json"
	"net/http"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// The values of Session.By.
const (
	ByAssumeRole         = "AssumeRole"
	ByAssumeRoleWithOIDC = "AssumeRoleWithOIDC"
	BySidecar            = "credentials URI"
	ByMetadata           = "instance metadata"
	ByCloudSSO           = "CloudSSO"
	ByOAuth              = "OAuth"
)

const (
	jsonType   = "application/json;charset=utf-8"
	dateFormat = time.RFC3339 // times are in UTC, so they end with Z
)

// respond is the function that a handler returns for a valid request.
type respond = func() (*paisandbox.Response, *paisandbox.ErrorResponse)

// credentials is the JSON form of a session.
type credentials struct {
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret string `json:"AccessKeySecret"`
	SecurityToken   string `json:"SecurityToken"`
	Expiration      string `json:"Expiration"`
}

func credentialsOf(s paisandbox.Session) credentials {
	return credentials{
		AccessKeyID: s.AccessKeyID, AccessKeySecret: s.AccessKeySecret, SecurityToken: s.SecurityToken,
		Expiration: s.Expires.UTC().Format(dateFormat),
	}
}

// successResponse is the response of a sidecar and of the metadata service.
type successResponse struct {
	Code string `json:"Code"`
	credentials
	LastUpdated string `json:"LastUpdated,omitempty"`
}

func newResponse(contentType string, body []byte) *paisandbox.Response {
	return &paisandbox.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {contentType}}, Body: body}
}

func jsonResponse(value any) *paisandbox.Response { return newResponse(jsonType, marshal(value)) }

func marshal(value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // never happens: every response can be encoded
	}
	return data
}
