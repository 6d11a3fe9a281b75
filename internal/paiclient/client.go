package paiclient

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/sync/semaphore"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient/connection"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// Default values for Options. NewService doesn't apply them, so callers must set them.
const (
	DefaultMaxRetries     = 5
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxConcurrency = 8
)

// maxBodyBytes limits the body of a successful response after decompression. A page of 100 images has about 100 kB.
const maxBodyBytes = 16 << 20

// maxHeaderBytes limits the header of a response. The service's headers have less than 1 kB.
const maxHeaderBytes = 64 << 10

// Options configures a Service. Credentials is required.
type Options struct {
	Credentials    CredentialSource // called for every attempt
	UserAgent      string           // value of the User-Agent header
	MaxRetries     int              // maximum number of retries after failures other than throttling; 0 disables all
	RequestTimeout time.Duration    // limit for one attempt
	MaxConcurrency int              // maximum number of concurrent requests of all clients of the service
	RootCAs        *x509.CertPool   // trusted certificate authorities; nil means the system's authorities

	// OnAttempt, if set, is called after every attempt, with a context derived from the caller's. Clients may call
	// OnAttempt from several goroutines at once.
	OnAttempt func(context.Context, Attempt)
}

// Service is the PAI API with one account. It has a Client for each endpoint. It is safe for concurrent use. Use one
// Service for all requests of a provider, because its clients share the credentials, the connections and the limit on
// concurrency.
type Service struct {
	shared

	mu      sync.Mutex
	clients map[string]*Client // by URL of the endpoint
}

// shared is what all clients of a service share.
type shared struct {
	options  Options
	slots    *semaphore.Weighted // limits the number of concurrent requests
	retrying *retryablehttp.Client
	secrets  *scrub.Scrubber
	maxBody  int64

	memory      *paijson.Budget
	largeBuffer chan *bytes.Buffer // has the buffer for a body above maxSmallBody, unless a request uses it
}

// Client calls the PAI API at one endpoint. It is safe for concurrent use.
type Client struct {
	*shared
	endpoint *url.URL
	calls    *semaphore.Weighted // limits the number of concurrent calls, including calls that wait for a retry
	pace     *pace
	failure  atomic.Pointer[connectFailure] // the last failure to connect; nil after a success

	imagePages     pageHistory // of ListImages
	workspacePages pageHistory // of ListWorkspaces
}

// connectFailure is the error of a call that could not connect to the endpoint.
type connectFailure struct {
	err error
	at  time.Time
}

// recentFailure returns the error of a call that recently failed to connect, or nil. Without this, a plan without a
// network would end only after the time limits of all its lookups, one after another.
func (c *Client) recentFailure() error {
	if failure := c.failure.Load(); failure != nil && time.Since(failure.at) < keepConnectFailure {
		return failure.err
	}
	return nil
}

// host returns the host to which the client sends all requests.
func (c *Client) host() string { return c.endpoint.Host }

// NewService returns a service. It sends no request and doesn't call the credential source. NewService returns an error
// if there is no credential source, or if a number or a duration is out of range.
func NewService(options Options) (*Service, error) {
	switch {
	case options.Credentials == nil:
		return nil, errors.New("credentials are required")
	case options.MaxRetries < 0 || options.RequestTimeout <= 0 || options.MaxConcurrency < 1:
		return nil, errors.New("request timeout and concurrency must be positive, and retries not negative")
	}
	transport := cleanhttp.DefaultPooledTransport()
	transport.MaxIdleConnsPerHost = options.MaxConcurrency
	transport.MaxResponseHeaderBytes = maxHeaderBytes
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: options.RootCAs}

	retrying := retryablehttp.NewClient()
	retrying.Logger = nil           // the default logs to standard error
	retrying.RetryMax = math.MaxInt // checkRetry applies MaxRetries
	retrying.RetryWaitMin, retrying.RetryWaitMax = minWait, maxWait
	retrying.CheckRetry = checkRetry
	retrying.Backoff = backoff
	retrying.PrepareRetry = func(request *http.Request) error {
		ctx := request.Context()
		return callFrom(ctx).waitForTurn(ctx)
	}
	retrying.ErrorHandler = keepError
	retrying.HTTPClient = &http.Client{
		Transport: newSigningTransport(connection.NewTransport(transport, connectTimeout)),
		Timeout:   options.RequestTimeout,
		// A redirect would send the signature and the security token to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	service := &Service{
		shared: shared{
			options:  options,
			slots:    semaphore.NewWeighted(int64(options.MaxConcurrency)),
			retrying: retrying,
			secrets:  &scrub.Scrubber{},
			maxBody:  maxBodyBytes,

			memory:      paijson.NewBudget(),
			largeBuffer: make(chan *bytes.Buffer, 1),
		},
		clients: make(map[string]*Client),
	}
	service.largeBuffer <- new(bytes.Buffer)
	return service, nil
}

// Client returns the client for an endpoint, which is from RegionalEndpoint, ParseEndpoint or ExpandEndpoint. For the
// same endpoint, it returns the same client, because the API limits the rate of requests for each endpoint.
func (s *Service) Client(endpoint *url.URL) *Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	client, ok := s.clients[endpoint.String()]
	if !ok {
		client = &Client{
			shared:   &s.shared,
			endpoint: endpoint,
			calls:    semaphore.NewWeighted(int64(s.options.MaxConcurrency)),
			pace:     newPace(s.options.MaxConcurrency),
		}
		s.clients[endpoint.String()] = client
	}
	return client
}
