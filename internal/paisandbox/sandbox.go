package paisandbox

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"
)

// Defaults of Options.
const (
	DefaultAddr            = "127.0.0.1:0"
	DefaultAccessKeyID     = "SandboxAccessKeyId"
	DefaultAccessKeySecret = "SandboxAccessKeySecret"
	DefaultMaxPageSize     = 100
	DefaultRegion          = "cn-hangzhou"
)

// Options configures a Sandbox. The zero value means plain HTTP on a free loopback port and the built-in catalogue.
type Options struct {
	Addr   string // address to listen on; DefaultAddr if empty
	TLS    bool   // serve HTTPS, with HTTP/2, and a certificate created at startup
	Region string // restricts the built-in catalogue, and is returned by Environ; empty: all images, DefaultRegion

	// Catalogue replaces the built-in catalogue unless it is nil. Region does not restrict it.
	Catalogue []Image

	// The accepted credentials. If ID and secret are empty, they are DefaultAccessKeyID and DefaultAccessKeySecret.
	AccessKeyID, AccessKeySecret, SecurityToken string

	MaxPageSize int              // larger page sizes are silently reduced to it; DefaultMaxPageSize if 0
	Now         func() time.Time // clock for the dates of requests and the expiry of sessions; time.Now if nil
	Authority   *Authority       // issues the certificates; several sandboxes may share it; a new one if nil
}

// Sandbox is a running server of the image API. Its methods are safe for concurrent use.
type Sandbox struct {
	Service

	region      string
	maxPageSize int
	now         func() time.Time
	authority   *Authority

	compressors sync.Pool // of *gzip.Writer, which are expensive to allocate

	keys      keyring
	nonces    nonceStore
	catalogue catalogueStore
}

// Start starts a sandbox, which serves until Close is called or ctx ends.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	s := &Sandbox{
		region: cmp.Or(o.Region, DefaultRegion), maxPageSize: o.MaxPageSize, now: o.Now, authority: o.Authority,
	}
	if s.maxPageSize <= 0 {
		s.maxPageSize = DefaultMaxPageSize
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.authority == nil {
		var err error
		if s.authority, err = NewAuthority(); err != nil {
			return nil, fmt.Errorf("start sandbox: %w", err)
		}
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
	if err := s.startServing(ctx, o.Addr, authority, s.handle); err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	return s, nil
}

// Now returns the time of the sandbox's clock.
func (s *Sandbox) Now() time.Time { return s.now() }

// Authority returns the authority that issues the sandbox's certificates.
func (s *Sandbox) Authority() *Authority { return s.authority }

// admit returns the operation that a request calls, if its credentials and signature are valid.
func (s *Sandbox) admit(x *exchange) (operation, *Refusal) {
	op, refusal := route(x.http)
	if refusal == nil && x.queryErr != nil {
		refusal = Unparsable("query", x.queryErr)
	}
	if refusal == nil {
		refusal = s.authenticate(x.http, x.query, x.body)
	}
	return op, refusal
}

// Environ returns the environment variables that a client needs to use the sandbox, as KEY=value.
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
