package identity

import (
	"context"
	"net/http"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// SidecarOptions says how a sidecar is started.
type SidecarOptions struct {
	Addr     string        // address to listen on, paisandbox.DefaultAddr when empty
	TLS      bool          // serve HTTPS
	Lifetime time.Duration // of sessions, paisandbox.DefaultLifetime when 0
	RoleARN  string        // recorded in the sessions
}

// Sidecar is a server as ALIBABA_CLOUD_CREDENTIALS_URI names one: every GET gets a new session, whatever its path. A
// fault such as paisandbox.SetMember("Failed", "Code") changes a response.
type Sidecar struct {
	*paisandbox.Service
	sandbox *paisandbox.Sandbox
	options SidecarOptions
}

// StartSidecar serves until Close is called, ctx ends or the sandbox does.
func StartSidecar(ctx context.Context, s *paisandbox.Sandbox, o SidecarOptions) (*Sidecar, error) {
	c := &Sidecar{sandbox: s, options: o}
	var err error
	c.Service, err = s.StartService(ctx, paisandbox.ServiceOptions{
		Product: "sidecar", Addr: o.Addr, TLS: o.TLS, Handler: c.handle,
	})
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Sidecar) handle(r paisandbox.Request) (respond, *paisandbox.Refusal) {
	if r.Method != http.MethodGet {
		return nil, paisandbox.MethodNotSupported("credentials are fetched by a GET")
	}
	return func() (*paisandbox.Response, *paisandbox.Refusal) {
		issued := c.sandbox.Issue(paisandbox.Session{By: BySidecar, RoleARN: c.options.RoleARN}, c.options.Lifetime)
		return jsonResponse(successResponse{Code: "Success", credentials: credentialsOf(issued)}), nil
	}, nil
}
