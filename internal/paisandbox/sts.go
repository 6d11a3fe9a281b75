package paisandbox

import (
	"context"
	"time"
)

const stsVersion = "2015-04-01"

// STSOptions says how an STS is started. Its zero value has every role assumed by whoever signs in.
type STSOptions struct {
	Addr     string        // address to listen on, DefaultAddr when empty
	Lifetime time.Duration // of sessions, whatever is asked for; 0: as asked

	Roles         []string // ARNs of the roles that there are; nil: every one
	ExternalID    string   // that AssumeRole must name, where it is not empty
	OIDCProviders []string // ARNs of the identity providers that are registered; nil: every one
}

// STS is Alibaba Cloud's Security Token Service over HTTPS: it hands out sessions that its sandbox lets in. Its
// certificate is good for the names of the real one, such as sts.cn-hangzhou.aliyuncs.com. Faults hit requests that
// passed the signature check.
type STS struct {
	service
	options STSOptions
	nonces  nonceStore
}

// StartSTS serves until Close is called, ctx ends or the sandbox does.
func (s *Sandbox) StartSTS(ctx context.Context, o STSOptions) (*STS, error) {
	t := &STS{options: o}
	t.service = service{sandbox: s, product: "Sts", admit: t.admit}
	if err := t.startFor(ctx, "STS", o.Addr, s.authority); err != nil {
		return nil, err
	}
	return t, nil
}

// admit finds the operation. AssumeRole is for who signs with a key or a session; a request with an identity
// provider's token is not signed.
func (t *STS) admit(x *exchange) (operation, *apiError) {
	p, refused := x.readRPC()
	if refused != nil {
		return operation{}, refused
	}
	action, version := p.required("Action"), p.required("Version")
	t.log.change(func() { x.record.Action = action })
	p.requireOneOf("Format", "JSON") // the service answers in XML where nothing is said, which the sandbox doesn't
	switch {
	case p.err != nil:
		return operation{}, p.err
	case version != stsVersion:
		return operation{}, invalidVersion()
	}
	op := operation{action: action}
	switch action {
	case ByAssumeRole:
		id, refused := x.authenticateRPC(p, &t.nonces)
		op.serve = func(x *exchange, _ []Effect) (*response, *apiError) { return t.assumeRole(x, p, id) }
		return op, refused
	case ByAssumeRoleWithOIDC:
		op.serve = func(x *exchange, _ []Effect) (*response, *apiError) { return t.assumeRoleWithOIDC(x, p) }
		return op, nil
	}
	return op, actionNotFound("there is no action " + action)
}

// credentialsAnswer is a session as its holder is told it.
type credentialsAnswer struct {
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret string `json:"AccessKeySecret"`
	SecurityToken   string `json:"SecurityToken"`
	Expiration      string `json:"Expiration"`
}

func credentialsOf(s Session) credentialsAnswer {
	return credentialsAnswer{
		AccessKeyID: s.AccessKeyID, AccessKeySecret: s.AccessKeySecret, SecurityToken: s.SecurityToken,
		Expiration: s.Expires.UTC().Format(dateFormat),
	}
}

// assumeRoleAnswer is what both ways to assume a role answer.
type assumeRoleAnswer struct {
	RequestID       string `json:"RequestId"`
	AssumedRoleUser struct {
		ARN string `json:"Arn"`
		ID  string `json:"AssumedRoleId"`
	} `json:"AssumedRoleUser"`
	Credentials   credentialsAnswer `json:"Credentials"`
	OIDCTokenInfo *oidcTokenInfo    `json:"OIDCTokenInfo,omitempty"`
}

type oidcTokenInfo struct {
	Subject   string `json:"Subject"`
	Issuer    string `json:"Issuer"`
	ClientIDs string `json:"ClientIds"`
}
