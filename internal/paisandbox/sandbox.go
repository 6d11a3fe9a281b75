// Package paisandbox is AIWorkSpace's image API in memory, served over real HTTP: ListImages and GetImage with the
// signature check, filters, sorting, paging and error shapes of the service, and faults that a test turns on.
//
// Package identity has the servers that issue sessions, each started where a test needs it: STS, a sidecar, an instance's
// metadata, SSO, and a proxy that leads to them by the names of the real ones.
//
// It shares no code with the client. Where the service's behaviour is not published, the sandbox takes the answer
// that is harder on a client: fuzzy filters, an arbitrary order among equal times, labels only where asked for.
package paisandbox

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"
)

// What a sandbox uses where its options say nothing.
const (
	DefaultAddr            = "127.0.0.1:0"
	DefaultAccessKeyID     = "SandboxAccessKeyId"
	DefaultAccessKeySecret = "SandboxAccessKeySecret"
	DefaultMaxPageSize     = 100
	DefaultRegion          = "cn-hangzhou"
)

// Options says how a sandbox is started. The zero value is a plain HTTP server on a free loopback port with the
// built-in catalogue.
type Options struct {
	Addr      string  // address to listen on, DefaultAddr when empty
	TLS       bool    // serve HTTPS with a certificate made at start, HTTP/2 offered
	Region    string  // whose images are listed and whose name Environ gives; empty: all images, DefaultRegion
	Catalogue []Image // nil: Catalogue(), of the region where one is set; what is given is listed whole

	// The one set of credentials that is let in; all three empty: the default id and secret and no token.
	AccessKeyID, AccessKeySecret, SecurityToken string

	MaxPageSize int              // larger requests are clamped without a word; DefaultMaxPageSize when 0
	Now         func() time.Time // clock that dates are checked and sessions expire by, time.Now when nil
	Authority   *Authority       // vouches for the sandbox's servers, to share among sandboxes; nil: one of its own
}

// Sandbox is a running server. All its methods may be called at any time from any goroutine.
type Sandbox struct {
	Service

	region      string
	maxPageSize int
	now         func() time.Time
	authority   *Authority

	compressors sync.Pool // of *gzip.Writer, which are costly to make

	keys      keyring
	nonces    nonceStore
	catalogue catalogueStore
}

// Start listens and serves until Close is called or ctx ends.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	s := &Sandbox{region: cmp.Or(o.Region, DefaultRegion), maxPageSize: o.MaxPageSize, now: o.Now, authority: o.Authority}
	if s.maxPageSize <= 0 {
		s.maxPageSize = DefaultMaxPageSize
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.authority == nil {
		made, err := NewAuthority()
		if err != nil {
			return nil, fmt.Errorf("sandbox: %w", err)
		}
		s.authority = made
	}
	if o.AccessKeyID == "" && o.AccessKeySecret == "" {
		o.AccessKeyID, o.AccessKeySecret = DefaultAccessKeyID, DefaultAccessKeySecret
	}
	s.SetCredentials(o.AccessKeyID, o.AccessKeySecret, o.SecurityToken)
	if o.Catalogue == nil {
		o.Catalogue = Catalogue()
		if o.Region != "" {
			o.Catalogue = InRegion(o.Catalogue, o.Region)
		}
	}
	s.SetImages(o.Catalogue)

	var authority *Authority
	if o.TLS {
		authority = s.authority
	}
	s.Service = Service{sandbox: s, product: "AIWorkSpace", admit: s.admit}
	if err := s.start(ctx, o.Addr, authority, s.handle); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return s, nil
}

// Now returns the time by the sandbox's clock.
func (s *Sandbox) Now() time.Time { return s.now() }

// Authority returns the authority that vouches for the sandbox's servers.
func (s *Sandbox) Authority() *Authority { return s.authority }

// admit finds the operation, and lets in who signed for it.
func (s *Sandbox) admit(x *exchange) (operation, *Refusal) {
	op, refused := route(x.http)
	if refused == nil && x.queryErr != nil {
		refused = Unparsable("query", x.queryErr)
	}
	if refused == nil {
		refused = s.authenticate(x.http, x.query, x.body)
	}
	return op, refused
}

// Environ lists what a user's environment needs to reach the sandbox, as KEY=value.
func (s *Sandbox) Environ() []string {
	id, k := s.keys.current()
	env := []string{
		"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=" + s.URL(),
		"ALIBABA_CLOUD_REGION=" + s.region,
		"ALIBABA_CLOUD_ACCESS_KEY_ID=" + id,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + k.secret,
	}
	if k.token != "" {
		env = append(env, "ALIBABA_CLOUD_SECURITY_TOKEN="+k.token)
	}
	return env
}
