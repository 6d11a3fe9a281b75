package identity

import (
	"context"
	"net/http"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

const stsVersion = "2015-04-01"

// STSOptions says how an STS is started. With the zero value any key may assume any role.
type STSOptions struct {
	Addr     string        // address to listen on, paisandbox.DefaultAddr when empty
	Lifetime time.Duration // of sessions, whatever a request says; 0: as requested

	Roles         []string // ARNs of the roles that exist; nil: all
	ExternalID    string   // required by AssumeRole unless empty
	OIDCProviders []string // ARNs of the registered identity providers; nil: all
}

// STS is Alibaba Cloud's Security Token Service over HTTPS. Its certificate is valid for the names of the real one,
// such as sts.cn-hangzhou.aliyuncs.com. Faults hit requests that passed the signature check.
type STS struct {
	*paisandbox.Service
	sandbox *paisandbox.Sandbox
	options STSOptions
}

// StartSTS serves until Close is called, ctx ends or the sandbox does.
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

// handle finds the operation. AssumeRole must be signed with a key or a session. AssumeRoleWithOIDC, which has an
// identity provider's token, is not signed.
func (t *STS) handle(r paisandbox.Request) (respond, *paisandbox.Refusal) {
	p, refused := rpcParameters(r)
	if refused != nil {
		return nil, refused
	}
	action, version := p.Required("Action"), p.Required("Version")
	p.RequireOneOf("Format", "JSON") // the service's default is XML, which the sandbox doesn't have
	switch {
	case p.Err() != nil:
		return nil, p.Err()
	case version != stsVersion:
		return nil, paisandbox.InvalidVersion()
	}
	switch action {
	case ByAssumeRole:
		parent, refused := t.sandbox.AuthenticateRPC(r.Method, p)
		return func() (*paisandbox.Response, *paisandbox.Refusal) { return t.assumeRole(r.RequestID, p, parent) }, refused
	case ByAssumeRoleWithOIDC:
		return func() (*paisandbox.Response, *paisandbox.Refusal) { return t.assumeRoleWithOIDC(r.RequestID, p) }, nil
	}
	return nil, paisandbox.ActionNotFound("there is no action " + action)
}

// rpcParameters returns the parameters of a request of the RPC style: those of the query and those of a form.
func rpcParameters(r paisandbox.Request) (*paisandbox.Parameters, *paisandbox.Refusal) {
	switch {
	case r.Path != "/":
		return nil, paisandbox.ActionNotFound("there is nothing at this path")
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return nil, paisandbox.MethodNotSupported("an RPC is a GET or a POST")
	}
	if refused := checkForm(r); refused != nil {
		return nil, refused
	}
	for name, values := range r.Form {
		r.Query[name] = append(r.Query[name], values...)
	}
	return paisandbox.NewParameters(r.Query), nil
}

// checkForm refuses a body that isn't a form.
func checkForm(r paisandbox.Request) *paisandbox.Refusal {
	if len(r.Body) > 0 && r.Form == nil {
		return paisandbox.InvalidParameter("ContentType", "the body must be "+paisandbox.FormType)
	}
	return nil
}
