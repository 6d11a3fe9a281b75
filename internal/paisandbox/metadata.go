package paisandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Where an instance finds its metadata: an address that leads there from nowhere else, and that a Proxy can lead to a
// Metadata.
const (
	MetadataHost     = "100.100.100.200:80"
	metadataPutPath  = "/latest/api/token"
	metadataRolePath = "/latest/meta-data/ram/security-credentials/"
)

// DefaultMetadataRole is the role of an instance whose options name none.
const DefaultMetadataRole = "sandbox-instance-role"

// MetadataOptions says what instance it is.
type MetadataOptions struct {
	Addr          string        // address to listen on, DefaultAddr when empty
	Role          string        // the name of the instance's role, DefaultMetadataRole when empty
	Lifetime      time.Duration // of sessions, DefaultLifetime when 0
	TokenRequired bool          // refuse who comes without a token of the metadata: "security hardening mode" alone
}

// Metadata is the metadata service of an ECS instance with a role, over plain HTTP.
type Metadata struct {
	service
	options MetadataOptions

	mu     sync.Mutex
	tokens map[string]time.Time // until when each is good
}

// StartMetadata serves until Close is called, ctx ends or the sandbox does.
func (s *Sandbox) StartMetadata(ctx context.Context, o MetadataOptions) (*Metadata, error) {
	o.Role = cmp.Or(o.Role, DefaultMetadataRole)
	m := &Metadata{options: o, tokens: map[string]time.Time{}}
	m.service = service{sandbox: s, product: "metadata", admit: m.admit}
	if err := m.startFor(ctx, "metadata", o.Addr, nil); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Metadata) admit(x *exchange) (operation, *apiError) {
	path := x.http.URL.Path
	if path == metadataPutPath {
		return m.admitToken(x)
	}
	if x.http.Method != http.MethodGet {
		return operation{}, methodNotSupported("metadata is read by a GET")
	}
	if !m.mayRead(x.http.Header, x.sandbox.now()) {
		return operation{}, &apiError{Status: http.StatusForbidden, Code: "Forbidden", Message: "No token, or none that is good."}
	}
	switch path {
	case metadataRolePath:
		return operation{serve: func(*exchange, []Effect) (*response, *apiError) {
			return plainResponse("text/plain", []byte(m.options.Role)), nil
		}}, nil
	case metadataRolePath + m.options.Role:
		return operation{serve: m.credentials}, nil
	}
	return operation{}, actionNotFound("there is nothing at this path")
}

func (m *Metadata) admitToken(x *exchange) (operation, *apiError) {
	if x.http.Method != http.MethodPut {
		return operation{}, methodNotSupported("a token is fetched by a PUT")
	}
	const longest = 21600
	seconds, err := strconv.Atoi(x.http.Header.Get("X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds"))
	if err != nil || seconds < 1 || seconds > longest {
		return operation{}, invalidParameter("TTL", "the header says for how many seconds the token is good, from 1 to 21600")
	}
	return operation{serve: func(x *exchange, _ []Effect) (*response, *apiError) {
		token := rand.Text()
		m.mu.Lock()
		m.tokens[token] = x.sandbox.now().Add(time.Duration(seconds) * time.Second)
		m.mu.Unlock()
		return plainResponse("text/plain", []byte(token)), nil
	}}, nil
}

// mayRead takes no token where none is required, but never a wrong one.
func (m *Metadata) mayRead(h http.Header, now time.Time) bool {
	token := h.Get("X-Aliyun-Ecs-Metadata-Token")
	if token == "" {
		return !m.options.TokenRequired
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return now.Before(m.tokens[token])
}

func (m *Metadata) credentials(x *exchange, _ []Effect) (*response, *apiError) {
	issued := x.sandbox.Issue(Session{By: ByMetadata, Name: m.options.Role}, m.options.Lifetime)
	return plainResponse("text/plain", marshal(successAnswer{
		Code: "Success", credentialsAnswer: credentialsOf(issued), LastUpdated: issued.Issued.UTC().Format(dateFormat),
	})), nil
}
