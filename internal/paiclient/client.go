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

// Defaults for callers that have no preference. New doesn't apply them.
const (
	DefaultMaxRetries     = 5
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxConcurrency = 8
)

// maxBodyBytes limits the body of a successful response after decompression. A page of 100 images has some 100 kB.
const maxBodyBytes = 16 << 20

// Options configures a Client. Endpoint and Credentials are required.
type Options struct {
	Endpoint       *url.URL         // from RegionalEndpoint or ParseEndpoint
	Credentials    CredentialSource // called for every attempt
	UserAgent      string           // the callers, outermost first
	MaxRetries     int              // attempts after the first; 0: none
	RequestTimeout time.Duration    // of one attempt
	MaxConcurrency int              // requests under way at once, of all calls together
	RootCAs        *x509.CertPool   // trusted certificate authorities; nil: those of the system

	// OnAttempt, if set, is called after every attempt with the call's context, from several goroutines at once.
	OnAttempt func(context.Context, Attempt)
}

// Client calls the image API. It is safe for concurrent use. One client serves a whole provider, because the limits on
// concurrency and rate apply per client.
type Client struct {
	options  Options
	slots    *semaphore.Weighted
	pace     *pace
	retrying *retryablehttp.Client
	secrets  *scrub.Scrubber
	maxBody  int64
}

// host returns the host of all requests, for errors.
func (c *Client) host() string { return c.options.Endpoint.Host }

// New returns a client. It sends nothing and requests no credentials.
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
