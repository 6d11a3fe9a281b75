package paiclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-cleanhttp"
	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/sync/semaphore"

	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// Default values for Options. New doesn't apply them, so callers must set them.
const (
	DefaultMaxRetries     = 5
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxConcurrency = 8
)

// maxBodyBytes limits the body of a successful response after decompression. A page of 100 images has about 100 kB.
const maxBodyBytes = 16 << 20

// Options configures a Client. Endpoint and Credentials are required.
type Options struct {
	Endpoint       *url.URL         // from RegionalEndpoint or ParseEndpoint
	Credentials    CredentialSource // called for every attempt
	UserAgent      string           // value of the User-Agent header
	MaxRetries     int              // maximum number of attempts after the first; 0 disables retries
	RequestTimeout time.Duration    // limit for one attempt
	MaxConcurrency int              // maximum number of concurrent requests of the client
	RootCAs        *x509.CertPool   // trusted certificate authorities; nil means the system's authorities

	// OnAttempt, if set, is called after every attempt, with a context derived from the caller's. The client may call
	// OnAttempt from several goroutines at once.
	OnAttempt func(context.Context, Attempt)
}

// Client calls the image API. It is safe for concurrent use. Use one Client for all requests of a provider, because
// each Client applies its own limits on concurrency and rate.
type Client struct {
	options  Options
	slots    *semaphore.Weighted // limits the number of concurrent requests
	pace     *pace
	retrying *retryablehttp.Client
	secrets  *scrub.Scrubber
	maxBody  int64
}

// host returns the host to which the client sends all requests.
func (c *Client) host() string { return c.options.Endpoint.Host }

// New returns a client. It sends no request and doesn't call the credential source. New returns an error if a required
// option is missing, or if a number or a duration is out of range.
func New(options Options) (*Client, error) {
	switch {
	case options.Endpoint == nil || options.Credentials == nil:
		return nil, errors.New("endpoint and credentials are required")
	case options.MaxRetries < 0 || options.RequestTimeout <= 0 || options.MaxConcurrency < 1:
		return nil, errors.New("request timeout and concurrency must be positive, and retries not negative")
	}
	transport := cleanhttp.DefaultPooledTransport()
	transport.MaxIdleConnsPerHost = options.MaxConcurrency
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: options.RootCAs}

	retrying := retryablehttp.NewClient()
	retrying.Logger = nil // the default logs to standard error
	retrying.RetryMax = options.MaxRetries
	retrying.RetryWaitMin, retrying.RetryWaitMax = minWait, maxWait
	retrying.CheckRetry = checkRetry
	retrying.Backoff = backoff
	limiter := newPace(options.MaxConcurrency)
	retrying.PrepareRetry = func(request *http.Request) error { return limiter.wait(request.Context()) }
	retrying.ErrorHandler = keepError
	retrying.HTTPClient = &http.Client{
		Transport: newSigningTransport(transport),
		Timeout:   options.RequestTimeout,
		// A redirect would send the signature and the security token to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Client{
		options:  options,
		slots:    semaphore.NewWeighted(int64(options.MaxConcurrency)),
		pace:     limiter,
		retrying: retrying,
		secrets:  &scrub.Scrubber{},
		maxBody:  maxBodyBytes,
	}, nil
}
