package identity

import (
	"context"
	"net/http"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// SidecarOptions configures a Sidecar.
type SidecarOptions struct {
	Addr     string        // address to listen on; paisandbox.DefaultAddr if empty
	TLS      bool          // serve HTTPS
	Lifetime time.Duration // lifetime of sessions; paisandbox.DefaultLifetime if 0
	RoleARN  string        // recorded in the sessions
}

// Sidecar is a credentials server for ALIBABA_CLOUD_CREDENTIALS_URI. It responds to every GET with a new session,
// whatever the path. To change a response, add a fault such as paisandbox.SetMember("Failed", "Code").
type Sidecar struct {
	*paisandbox.Service
	sandbox *paisandbox.Sandbox
	options SidecarOptions
}

// StartSidecar starts a sidecar. It serves until it or the sandbox is closed, or until ctx ends.
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

func (c *Sidecar) handle(r paisandbox.Request) (respond, *paisandbox.ErrorResponse) {
	if r.Method != http.MethodGet {
		return nil, paisandbox.MethodNotSupported("credentials are fetched by a GET")
	}
	return func() (*paisandbox.Response, *paisandbox.ErrorResponse) {
		issued := c.sandbox.Issue(paisandbox.Session{By: BySidecar, RoleARN: c.options.RoleARN}, c.options.Lifetime)
		return jsonResponse(successResponse{Code: "Success", credentials: credentialsOf(issued)}), nil
	}, nil
}
