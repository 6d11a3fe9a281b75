package paisandbox

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The forms that STS publishes.
var (
	roleARNForm     = regexp.MustCompile(`^acs:ram::\d+:role/[\w.-]{1,64}$`)
	providerARNForm = regexp.MustCompile(`^acs:ram::\d+:oidc-provider/[\w.-]{1,128}$`)
	sessionNameForm = regexp.MustCompile(`^[\w.@-]{2,64}$`)
	externalIDForm  = regexp.MustCompile(`^[\w+=,.@:/-]{2,}$`)
)

const (
	shortestSession = 900 // seconds, as longestSession
	longestSession  = 43200
	largestPolicy   = 2048 // bytes
)

// assumed is a role that is asked for, and for how long.
type assumed struct {
	session  Session
	lifetime time.Duration
}

// readAssumed reads the parameters that both ways to assume a role have.
func (t *STS) readAssumed(p *parameters, by string) assumed {
	p.required("RoleArn")
	p.required("RoleSessionName")
	a := assumed{session: Session{
		By: by, RoleARN: p.pattern("RoleArn", roleARNForm), Name: p.pattern("RoleSessionName", sessionNameForm),
	}}
	seconds := p.positiveInt("DurationSeconds", int(DefaultLifetime.Seconds()))
	if seconds < shortestSession || seconds > longestSession {
		p.reject("DurationSeconds", "it must be from 900 to 43200")
	}
	a.lifetime = cmp.Or(t.options.Lifetime, time.Duration(seconds)*time.Second)
	if policy := p.optional("Policy"); len(policy) > largestPolicy {
		p.reject("PolicySize", "it must be at most 2048 bytes")
	} else if policy != "" && json.Unmarshal([]byte(policy), &struct{ Statement []any }{}) != nil {
		p.reject("PolicyGrammar", "it is no policy")
	}
	return a
}

func (t *STS) assumeRole(x *exchange, p *parameters, parent string) (*response, *apiError) {
	a := t.readAssumed(p, ByAssumeRole)
	a.session.Parent = parent
	externalID := p.pattern("ExternalId", externalIDForm)
	if refused := p.finish(); refused != nil {
		return nil, refused
	}
	switch {
	case !t.isRole(a.session.RoleARN):
		return nil, noRole(a.session.RoleARN)
	case t.options.ExternalID != "" && t.options.ExternalID != externalID:
		return nil, &apiError{
			Status: http.StatusForbidden, Code: "NoPermission",
			Message: "You are not authorized to do this action. You should be authorized by RAM.",
		}
	}
	return x.jsonResponse(t.assume(x, a)), nil
}

func (t *STS) assumeRoleWithOIDC(x *exchange, p *parameters) (*response, *apiError) {
	a := t.readAssumed(p, ByAssumeRoleWithOIDC)
	provider, token := p.required("OIDCProviderArn"), p.required("OIDCToken")
	p.optional("SignatureNonce") // some of the vendor's SDKs send one, though nothing is signed
	if timestamp := p.optional("Timestamp"); timestamp != "" && p.err == nil {
		p.err = checkDate(timestamp, x.sandbox.now())
	}
	if refused := p.finish(); refused != nil {
		return nil, refused
	}
	switch {
	case !providerARNForm.MatchString(provider):
		return nil, unauthenticated("NoPermission", "Parameter OIDCProviderArn is not valid")
	case t.options.OIDCProviders != nil && !slices.Contains(t.options.OIDCProviders, provider):
		return nil, unauthenticated("NoPermission", "No such OIDC Provider registered.")
	}
	claims, refused := x.sandbox.checkOIDCToken(token)
	switch {
	case refused != nil:
		return nil, refused
	case !t.isRole(a.session.RoleARN):
		return nil, noRole(a.session.RoleARN)
	}
	answer := t.assume(x, a)
	answer.OIDCTokenInfo = &oidcTokenInfo{Subject: claims.Subject, Issuer: claims.Issuer, ClientIDs: claims.Audience}
	return x.jsonResponse(answer), nil
}

func (t *STS) isRole(arn string) bool {
	return t.options.Roles == nil || slices.Contains(t.options.Roles, arn)
}

// assume hands out the session.
func (t *STS) assume(x *exchange, a assumed) *assumeRoleAnswer {
	session := x.sandbox.Issue(a.session, a.lifetime)
	account := strings.Split(session.RoleARN, ":")[3]
	answer := &assumeRoleAnswer{RequestID: x.requestID, Credentials: credentialsOf(session)}
	answer.AssumedRoleUser.ARN = session.RoleARN + "/" + session.Name
	answer.AssumedRoleUser.ID = "3" + account + ":" + session.Name
	return answer
}

func noRole(arn string) *apiError {
	return &apiError{Status: http.StatusNotFound, Code: "EntityNotExist.Role", Message: "The role not exists: " + arn + "."}
}
