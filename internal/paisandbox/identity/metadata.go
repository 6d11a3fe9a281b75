package identity

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// MetadataHost is the address of the metadata service on an ECS instance. A Proxy can route it to a Metadata.
const MetadataHost = "100.100.100.200:80"

const (
	metadataTokenPath  = "/latest/api/token" //nolint:gosec // a path, not a token
	metadataRolePath   = "/latest/meta-data/ram/security-credentials/"
	maxMetadataSeconds = 21600 // maximum lifetime of a token
)

// DefaultMetadataRole is the default of MetadataOptions.Role.
const DefaultMetadataRole = "sandbox-instance-role"

// MetadataOptions configures a Metadata.
type MetadataOptions struct {
	Addr          string        // address to listen on; paisandbox.DefaultAddr if empty
	Role          string        // name of the instance's role; DefaultMetadataRole if empty
	Lifetime      time.Duration // lifetime of sessions; paisandbox.DefaultLifetime if 0
	TokenRequired bool          // refuse requests without a metadata token, as in the "security hardening mode" of ECS
}

// Metadata is the metadata service of an ECS instance that has a role. It uses plain HTTP.
type Metadata struct {
	*paisandbox.Service
	sandbox *paisandbox.Sandbox
	options MetadataOptions

	mu     sync.Mutex
	tokens map[string]time.Time // expiry of each token
}

// StartMetadata starts a metadata service. It serves until it or the sandbox is closed, or until ctx ends.
func StartMetadata(ctx context.Context, s *paisandbox.Sandbox, o MetadataOptions) (*Metadata, error) {
	o.Role = cmp.Or(o.Role, DefaultMetadataRole)
	m := &Metadata{sandbox: s, options: o, tokens: map[string]time.Time{}}
	var err error
	m.Service, err = s.StartService(ctx, paisandbox.ServiceOptions{Product: "metadata", Addr: o.Addr, Handler: m.handle})
	if err != nil {
		return nil, err
	}
	return m, nil
}

// OnMetadataToken matches requests for a metadata token.
func OnMetadataToken(r paisandbox.Request) bool { return r.Path == metadataTokenPath }

// OnMetadataRole matches requests for the name of the instance's role.
func OnMetadataRole(r paisandbox.Request) bool { return r.Path == metadataRolePath }

// OnMetadataSession matches requests for a session of a role.
func OnMetadataSession(r paisandbox.Request) bool {
	return strings.HasPrefix(r.Path, metadataRolePath) && r.Path != metadataRolePath
}

func (m *Metadata) handle(r paisandbox.Request) (respond, *paisandbox.ErrorResponse) {
	if r.Path == metadataTokenPath {
		return m.handleToken(r)
	}
	if r.Method != http.MethodGet {
		return nil, paisandbox.MethodNotSupported("metadata is read by a GET")
	}
	if !m.admits(r.Header.Get("X-Aliyun-Ecs-Metadata-Token")) {
		return nil, &paisandbox.ErrorResponse{
			Status: http.StatusForbidden, Code: "Forbidden", Message: "The token is missing or not valid.",
		}
	}
	switch r.Path {
	case metadataRolePath:
		return func() (*paisandbox.Response, *paisandbox.ErrorResponse) { return plainResponse(m.options.Role), nil }, nil
	case metadataRolePath + m.options.Role:
		return m.issue, nil
	}
	return nil, paisandbox.ActionNotFound("there is nothing at this path")
}

func (m *Metadata) handleToken(r paisandbox.Request) (respond, *paisandbox.ErrorResponse) {
	if r.Method != http.MethodPut {
		return nil, paisandbox.MethodNotSupported("a token is fetched by a PUT")
	}
	seconds, err := strconv.Atoi(r.Header.Get("X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds"))
	if err != nil || seconds < 1 || seconds > maxMetadataSeconds {
		return nil, paisandbox.InvalidParameter("TTL", "the header must be a number of seconds from 1 to 21600")
	}
	return func() (*paisandbox.Response, *paisandbox.ErrorResponse) {
		token := rand.Text()
		m.mu.Lock()
		m.tokens[token] = m.sandbox.Now().Add(time.Duration(seconds) * time.Second)
		m.mu.Unlock()
		return plainResponse(token), nil
	}, nil
}

// admits reports whether a request with the token is allowed. A request without a token is allowed unless TokenRequired
// is set. A request with an invalid or expired token is never allowed.
func (m *Metadata) admits(token string) bool {
	if token == "" {
		return !m.options.TokenRequired
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sandbox.Now().Before(m.tokens[token])
}

func (m *Metadata) issue() (*paisandbox.Response, *paisandbox.ErrorResponse) {
	issued := m.sandbox.Issue(paisandbox.Session{By: ByMetadata, Name: m.options.Role}, m.options.Lifetime)
	return plainResponse(string(marshal(successResponse{
		Code: "Success", credentials: credentialsOf(issued), LastUpdated: issued.Issued.UTC().Format(dateFormat),
	}))), nil
}

func plainResponse(body string) *paisandbox.Response { return newResponse("text/plain", []byte(body)) }
