// Package identity has the servers that issue sessions of a sandbox: STS, a sidecar, an instance's metadata and the
// logins of the Alibaba Cloud CLI (CloudSSO and OAuth). A Proxy routes the names of the real services to them.
//
// Each server belongs to a sandbox, which accepts its sessions, and ends with it.
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
	dateFormat = time.RFC3339 // of times in UTC, so it ends with Z
)

// respond is what a handler returns for a request that it admits.
type respond = func() (*paisandbox.Response, *paisandbox.Refusal)

// credentials is a session as its holder receives it.
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

// successResponse is the response of a sidecar and of an instance's metadata.
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
		panic(err) // every response is plain data
	}
	return data
}
