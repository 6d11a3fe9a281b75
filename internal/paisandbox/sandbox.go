package paisandbox

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
)

// Default values of Options.
const (
	DefaultAddr            = "127.0.0.1:0"
	DefaultAccessKeyID     = "SandboxAccessKeyId"
	DefaultAccessKeySecret = "SandboxAccessKeySecret"
	DefaultMaxPageSize     = 100
	DefaultRegion          = "cn-hangzhou"
)

// Options configures a Sandbox. The zero value means plain HTTP on a free loopback port and the built-in catalogue.
type Options struct {
	Addr string // address to listen on; DefaultAddr if empty
	TLS  bool   // serve HTTPS, with HTTP/2, and a certificate created at startup

	// Region is the region of requests whose host name contains none. A request to cn-shanghai.localhost gets the images
	// that InRegion returns for cn-shanghai. If the registry of no image is in the region of the host name, the request
	// fails with status 404. If Region is empty, requests to hosts such as 127.0.0.1 get all images, and the environment
	// variables set DefaultRegion.
	Region string

	// Catalogue replaces the built-in images if it is not nil. It may contain images of several regions.
	Catalogue []Image

	// Workspaces replaces the built-in workspaces if it is not nil.
	Workspaces []Workspace

	// The accepted credentials. If AccessKeyID and AccessKeySecret are empty, DefaultAccessKeyID and
	// DefaultAccessKeySecret are used.
	AccessKeyID, AccessKeySecret, SecurityToken string

	MaxPageSize int              // larger page sizes are reduced to this value, without an error; DefaultMaxPageSize if 0
	Now         func() time.Time // clock, for checks of dates and for the expiry of sessions; time.Now if nil
	Authority   *certs.Authority // issues the certificates; if nil, Start creates one
}

// Sandbox is a running server of the image API. Its methods are safe for concurrent use.
type Sandbox struct {
	Service

	region      string // "" for all regions
	maxPageSize int
	now         func() time.Time
	authority   *certs.Authority

	compressors sync.Pool // *gzip.Writer values, which are expensive to allocate

	keys       keyring
	nonces     nonceStore
	images     store[Image]
	workspaces store[Workspace]
}

// Start starts a sandbox. It serves until Close is called or ctx ends.
func Start(ctx context.Context, o Options) (*Sandbox, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	s := &Sandbox{
		region: o.Region, maxPageSize: o.MaxPageSize, now: o.Now, authority: o.Authority,
	}
	if s.maxPageSize <= 0 {
		s.maxPageSize = DefaultMaxPageSize
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.authority == nil {
		var err error
		if s.authority, err = certs.NewAuthority(); err != nil {
			return nil, fmt.Errorf("start sandbox: %w", err)
		}
	}
	if o.AccessKeyID == "" && o.AccessKeySecret == "" {
		o.AccessKeyID, o.AccessKeySecret = DefaultAccessKeyID, DefaultAccessKeySecret
	}
	s.SetCredentials(o.AccessKeyID, o.AccessKeySecret, o.SecurityToken)
	if o.Catalogue == nil {
		o.Catalogue = Catalogue()
	}
	s.SetImages(o.Catalogue)
	if o.Workspaces == nil {
		o.Workspaces = Workspaces()
	}
	s.SetWorkspaces(o.Workspaces)

	var authority *certs.Authority
	if o.TLS {
		authority = s.authority
	}
	s.Service = Service{sandbox: s, product: "AIWorkSpace", admit: s.admit}
	if err := s.startServing(ctx, o.Addr, authority, s.handle); err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	return s, nil
}

// Now returns the current time of the sandbox's clock.
func (s *Sandbox) Now() time.Time { return s.now() }

// Authority returns the authority that issues the sandbox's certificates.
func (s *Sandbox) Authority() *certs.Authority { return s.authority }

// admit returns the operation that a request is for. It returns an error response if the request is invalid or its
// credentials or signature are wrong.
func (s *Sandbox) admit(x *exchange) (operation, *ErrorResponse) {
	op, errResp := route(x.http)
	if errResp == nil && x.queryErr != nil {
		errResp = Unparsable("query", x.queryErr)
	}
	if errResp == nil {
		errResp = s.authenticate(x.http, x.query, x.body)
	}
	return operation{op.action, func(x *exchange, effects []Effect) (*Response, *ErrorResponse) {
		// The region is checked here, because faults change the images before each response.
		if region, ok := x.hostRegion(); ok && !hasRegion(s.images.snapshot(), region) {
			return nil, unknownRegion(region)
		}
		return op.serve(x, effects)
	}}, errResp
}

// unknownRegion returns the error response for a region in which the catalogue has no image. It is invented, because
// the service has no host for such a region.
func unknownRegion(region string) *ErrorResponse {
	return ActionNotFound(fmt.Sprintf("the sandbox has no region %q, because no image of its catalogue is there", region))
}

// Environ returns the environment variables that a client needs to use the sandbox, as KEY=value. All regions have the
// same endpoint.
func (s *Sandbox) Environ() []string { return s.environ(s.URL()) }

// RegionalEnviron is like Environ, but returns RegionalURL as the endpoint.
func (s *Sandbox) RegionalEnviron() []string { return s.environ(s.RegionalURL()) }

// RegionalURL returns the base URL for clients that replace {region}, such as http://{region}.localhost:41233. If the
// sandbox doesn't listen on 127.0.0.1 or ::1, where such clients connect, it returns the same URL as URL.
func (s *Sandbox) RegionalURL() string {
	ip, port, err := net.SplitHostPort(s.Host())
	if err != nil || ip != "127.0.0.1" && ip != "::1" {
		return s.URL()
	}
	return s.scheme + "://{region}.localhost:" + port
}

func (s *Sandbox) environ(endpoint string) []string {
	id, k := s.keys.current()
	env := []string{
		"ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE=" + endpoint,
		"ALIBABA_CLOUD_REGION=" + cmp.Or(s.region, DefaultRegion),
		"ALIBABA_CLOUD_ACCESS_KEY_ID=" + id,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + k.secret,
	}
	if k.token != "" {
		env = append(env, "ALIBABA_CLOUD_SECURITY_TOKEN="+k.token)
	}
	return env
}
