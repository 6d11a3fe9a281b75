package identity

import (
	"context"
	"net/http"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

const stsVersion = "2015-04-01"

// STSOptions configures an STS. With the zero value, every key may assume every role.
type STSOptions struct {
	Addr     string        // address to listen on; paisandbox.DefaultAddr if empty
	Lifetime time.Duration // lifetime of all sessions; if 0, the requested one

	Roles         []string // ARNs of the existing roles; if nil, every role exists
	ExternalID    string   // if set, AssumeRole requires this external ID
	OIDCProviders []string // ARNs of the existing identity providers; if nil, every provider exists
}

// STS is a server for the Security Token Service of Alibaba Cloud, over HTTPS. Its certificate is valid for the host
// names of the real service, such as sts.cn-hangzhou.aliyuncs.com. Faults don't affect requests with a wrong signature.
type STS struct {
	*paisandbox.Service
	sandbox *paisandbox.Sandbox
	options STSOptions
}

// StartSTS starts an STS. It serves until it or the sandbox is closed, or until ctx ends.
func StartSTS(ctx context.Context, s *paisandbox.Sandbox, o STSOptions) (*STS, error) {
	t := &STS{sandbox: s, options: o}
	var err error
	t.Service, err = s.StartService(ctx, paisandbox.ServiceOptions{
		Product: "Sts", Addr: o.Addr, TLS: true, Handler: t.handle,
	})
	if err != nil {
		return nil, err
	}
	return t, nil
}

// handle checks a request and returns a function that runs the operation. AssumeRole must be signed with an access key
// or a session. AssumeRoleWithOIDC is not signed, because it contains a token of an identity provider.
func (t *STS) handle(r paisandbox.Request) (respond, *paisandbox.ErrorResponse) {
	p, errResp := rpcParameters(r)
	if errResp != nil {
		return nil, errResp
	}
	action, version := p.Required("Action"), p.Required("Version")
	p.RequireOneOf("Format", "JSON") // the default of STS is XML, which this server doesn't support
	switch {
	case p.ErrSoFar() != nil:
		return nil, p.ErrSoFar()
	case version != stsVersion:
		return nil, paisandbox.InvalidVersion()
	}
	switch action {
	case ByAssumeRole:
		parent, errResp := t.sandbox.AuthenticateRPC(r.Method, p)
		return func() (*paisandbox.Response, *paisandbox.ErrorResponse) {
			return t.assumeRole(r.RequestID, p, parent)
		}, errResp
	case ByAssumeRoleWithOIDC:
		return func() (*paisandbox.Response, *paisandbox.ErrorResponse) { return t.assumeRoleWithOIDC(r.RequestID, p) }, nil
	}
	return nil, paisandbox.ActionNotFound("there is no action " + action)
}

// rpcParameters returns the parameters of a request to an RPC API, from the query and from the form.
func rpcParameters(r paisandbox.Request) (*paisandbox.Parameters, *paisandbox.ErrorResponse) {
	switch {
	case r.Path != "/":
		return nil, paisandbox.ActionNotFound("there is nothing at this path")
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return nil, paisandbox.MethodNotSupported("an RPC is a GET or a POST")
	}
	if errResp := checkForm(r); errResp != nil {
		return nil, errResp
	}
	for name, values := range r.Form {
		r.Query[name] = append(r.Query[name], values...)
	}
	return paisandbox.NewParameters(r.Query), nil
}

// checkForm returns an error response if the body is not a form.
func checkForm(r paisandbox.Request) *paisandbox.ErrorResponse {
	if len(r.Body) > 0 && r.Form == nil {
		return paisandbox.InvalidParameter("ContentType", "the body must be "+paisandbox.FormType)
	}
	return nil
}
