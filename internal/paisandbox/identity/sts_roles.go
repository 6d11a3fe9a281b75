package identity

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Formats of the ARNs, session names and external IDs, from the reference of AssumeRole and AssumeRoleWithOIDC:
// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
var (
	roleARNFormat     = regexp.MustCompile(`^acs:ram::\d+:role/[\w.-]{1,64}$`)
	providerARNFormat = regexp.MustCompile(`^acs:ram::\d+:oidc-provider/[\w.-]{1,128}$`)
	sessionNameFormat = regexp.MustCompile(`^[\w.@-]{2,64}$`)
	externalIDFormat  = regexp.MustCompile(`^[\w+=,.@:/-]{2,}$`)
)

const (
	minSessionSeconds = 900
	maxSessionSeconds = 43200
	maxPolicyBytes    = 2048
)

// assumeRoleResponse is the response of AssumeRole and AssumeRoleWithOIDC.
type assumeRoleResponse struct {
	RequestID       string `json:"RequestId"`
	AssumedRoleUser struct {
		ARN string `json:"Arn"`
		ID  string `json:"AssumedRoleId"`
	} `json:"AssumedRoleUser"`
	Credentials   credentials    `json:"Credentials"`
	OIDCTokenInfo *oidcTokenInfo `json:"OIDCTokenInfo,omitempty"`
}

type oidcTokenInfo struct {
	Subject   string `json:"Subject"`
	Issuer    string `json:"Issuer"`
	ClientIDs string `json:"ClientIds"`
}

// roleRequest is a valid request for a session.
type roleRequest struct {
	session  paisandbox.Session
	lifetime time.Duration
}

// readRoleRequest reads the parameters that both operations have.
func (t *STS) readRoleRequest(p *paisandbox.Parameters, by string) roleRequest {
	p.Required("RoleArn")
	p.Required("RoleSessionName")
	r := roleRequest{session: paisandbox.Session{
		By: by, RoleARN: p.Pattern("RoleArn", roleARNFormat), Name: p.Pattern("RoleSessionName", sessionNameFormat),
	}}
	seconds := p.PositiveInt("DurationSeconds", int(paisandbox.DefaultLifetime.Seconds()))
	if seconds < minSessionSeconds || seconds > maxSessionSeconds {
		p.Reject("DurationSeconds", "it must be from 900 to 43200")
	}
	r.lifetime = cmp.Or(t.options.Lifetime, time.Duration(seconds)*time.Second)
	if policy := p.Optional("Policy"); len(policy) > maxPolicyBytes {
		p.Reject("PolicySize", "it must be at most 2048 bytes")
	} else if policy != "" && json.Unmarshal([]byte(policy), &struct{ Statement []any }{}) != nil {
		p.Reject("PolicyGrammar", "it is not a policy")
	}
	return r
}

func (t *STS) assumeRole(
	requestID string, p *paisandbox.Parameters, parent string,
) (*paisandbox.Response, *paisandbox.ErrorResponse) {
	r := t.readRoleRequest(p, ByAssumeRole)
	r.session.Parent = parent
	externalID := p.Pattern("ExternalId", externalIDFormat)
	if errResp := p.Err(); errResp != nil {
		return nil, errResp
	}
	switch {
	case !t.roleExists(r.session.RoleARN):
		return nil, unknownRole(r.session.RoleARN)
	case t.options.ExternalID != "" && t.options.ExternalID != externalID:
		return nil, &paisandbox.ErrorResponse{
			Status: http.StatusForbidden, Code: "NoPermission",
			Message: "You are not authorized to do this action. You should be authorized by RAM.",
		}
	}
	return stsResponse(t.issue(requestID, r)), nil
}

func (t *STS) assumeRoleWithOIDC(
	requestID string, p *paisandbox.Parameters,
) (*paisandbox.Response, *paisandbox.ErrorResponse) {
	r := t.readRoleRequest(p, ByAssumeRoleWithOIDC)
	provider, token := p.Required("OIDCProviderArn"), p.Required("OIDCToken")
	p.Optional("SignatureNonce") // some of the vendor's SDKs send one, although the request is not signed
	if timestamp := p.Optional("Timestamp"); timestamp != "" {
		p.Fail(paisandbox.CheckDate(timestamp, t.sandbox.Now()))
	}
	if errResp := p.Err(); errResp != nil {
		return nil, errResp
	}
	switch {
	case !providerARNFormat.MatchString(provider):
		return nil, authenticationFailure("NoPermission", "Parameter OIDCProviderArn is not valid")
	case t.options.OIDCProviders != nil && !slices.Contains(t.options.OIDCProviders, provider):
		return nil, authenticationFailure("NoPermission", "No such OIDC Provider registered.")
	}
	claims, errResp := checkOIDCToken(t.sandbox, token)
	switch {
	case errResp != nil:
		return nil, errResp
	case !t.roleExists(r.session.RoleARN):
		return nil, unknownRole(r.session.RoleARN)
	}
	response := t.issue(requestID, r)
	response.OIDCTokenInfo = &oidcTokenInfo{Subject: claims.Subject, Issuer: claims.Issuer, ClientIDs: claims.Audience}
	return stsResponse(response), nil
}

func (t *STS) roleExists(arn string) bool {
	return t.options.Roles == nil || slices.Contains(t.options.Roles, arn)
}

// issue issues the session and returns the response.
func (t *STS) issue(requestID string, r roleRequest) *assumeRoleResponse {
	session := t.sandbox.Issue(r.session, r.lifetime)
	account := strings.Split(session.RoleARN, ":")[3]
	response := &assumeRoleResponse{RequestID: requestID, Credentials: credentialsOf(session)}
	response.AssumedRoleUser.ARN = session.RoleARN + "/" + session.Name
	response.AssumedRoleUser.ID = "3" + account + ":" + session.Name
	return response
}

func stsResponse(r *assumeRoleResponse) *paisandbox.Response {
	response := jsonResponse(r)
	response.Header.Set("X-Acs-Request-Id", r.RequestID)
	return response
}

func unknownRole(arn string) *paisandbox.ErrorResponse {
	return &paisandbox.ErrorResponse{
		Status: http.StatusNotFound, Code: "EntityNotExist.Role", Message: "The role not exists: " + arn + ".",
	}
}
