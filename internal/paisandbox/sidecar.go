package paisandbox

import (
	"context"
	"net/http"
	"time"
)

// SidecarOptions says how a sidecar is started.
type SidecarOptions struct {
	Addr     string        // address to listen on, DefaultAddr when empty
	Lifetime time.Duration // of sessions, DefaultLifetime when 0
	RoleARN  string        // whom the sessions act as, for the record
}

// Sidecar is a server of the kind that ALIBABA_CLOUD_CREDENTIALS_URI names: every GET, whatever the path, gets a new
// session, over plain HTTP. Faults make it answer other things, such as Put("Failed", "Code").
type Sidecar struct {
	service
	options SidecarOptions
}

// StartSidecar serves until Close is called, ctx ends or the sandbox does.
func (s *Sandbox) StartSidecar(ctx context.Context, o SidecarOptions) (*Sidecar, error) {
	c := &Sidecar{options: o}
	c.service = service{sandbox: s, product: "sidecar", admit: c.admit}
	if err := c.startFor(ctx, "sidecar", o.Addr, nil); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Sidecar) admit(x *exchange) (operation, *apiError) {
	if x.http.Method != http.MethodGet {
		return operation{}, methodNotSupported("credentials are fetched by a GET")
	}
	return operation{serve: func(x *exchange, _ []Effect) (*response, *apiError) {
		issued := x.sandbox.Issue(Session{By: BySidecar, RoleARN: c.options.RoleARN}, c.options.Lifetime)
		return plainResponse(jsonType, marshal(successAnswer{Code: "Success", credentialsAnswer: credentialsOf(issued)})), nil
	}}, nil
}

// successAnswer is a session as servers tell it that are not the API's.
type successAnswer struct {
	Code string `json:"Code"`
	credentialsAnswer
	LastUpdated string `json:"LastUpdated,omitempty"`
}
