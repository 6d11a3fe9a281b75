// Package paiclient speaks to AIWorkSpace's image API: it signs, sends, tries again, pages, and tells errors apart.
// It knows nothing of Terraform.
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

// What a client does where its user has no wish of his own.
const (
	DefaultMaxRetries     = 5
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxConcurrency = 8
)

// maxBodyBytes bounds the answer to one request, decompressed. A page of 100 images is some 100 kB.
const maxBodyBytes = 16 << 20

// Options are what a Client is made from. Endpoint and Credentials are required; the numbers are taken as they are.
type Options struct {
	Endpoint       *url.URL         // from RegionalEndpoint or ParseEndpoint
	Credentials    CredentialSource // asked at every attempt
	UserAgent      string           // names the callers, the outermost first
	MaxRetries     int              // attempts after the first; 0: none
	RequestTimeout time.Duration    // of one attempt
	MaxConcurrency int              // requests under way at once, of all calls together
	RootCAs        *x509.CertPool   // who is trusted; nil: whom the system trusts

	// Observe is told of every request in the call's context, from several goroutines at once; nil: nobody is.
	Observe func(context.Context, Attempt)
}

// Client asks the image API. It is safe for concurrent use, and one serves a whole provider, since the limit on
// requests under way is the client's.
type Client struct {
	endpoint       *url.URL
	userAgent      string
	maxConcurrency int
	places         *semaphore.Weighted
	pace           *pace
	retrying       *retryablehttp.Client
	credentials    CredentialSource
	secrets        *scrub.Scrubber
	observer       func(context.Context, Attempt)
	maxBody        int64
}

// New makes a client. Nothing is sent, and no credentials are fetched, before the first call.
func New(options Options) (*Client, error) {
	switch {
	case options.Endpoint == nil || options.Credentials == nil:
		return nil, errors.New("a client needs an endpoint and credentials")
	case options.MaxRetries < 0 || options.RequestTimeout <= 0 || options.MaxConcurrency < 1:
		return nil, errors.New("a client needs a positive timeout, at least one place for a request, and no negative number of retries")
	}
	secrets := &scrub.Scrubber{}

	transport := cleanhttp.DefaultPooledTransport()
	transport.MaxIdleConnsPerHost = options.MaxConcurrency
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: options.RootCAs}

	retrying := retryablehttp.NewClient()
	retrying.Logger = nil // it would write to standard error
	retrying.RetryMax = options.MaxRetries
	retrying.RetryWaitMin, retrying.RetryWaitMax = minWait, maxWait
	retrying.CheckRetry = checkRetry
	retrying.Backoff = backoff
	retrying.PrepareRetry = func(request *http.Request) error {
		return callFrom(request.Context()).inTurn(request.Context())
	}
	retrying.ErrorHandler = keepError
	retrying.HTTPClient = &http.Client{
		Transport: newSigningTransport(transport, options.Credentials, secrets),
		Timeout:   options.RequestTimeout,
		// A redirect would carry the signature and the token to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Client{
		endpoint:       options.Endpoint,
		userAgent:      options.UserAgent,
		maxConcurrency: options.MaxConcurrency,
		places:         semaphore.NewWeighted(int64(options.MaxConcurrency)),
		pace:           newPace(options.MaxConcurrency),
		retrying:       retrying,
		credentials:    options.Credentials,
		secrets:        secrets,
		observer:       options.Observe,
		maxBody:        maxBodyBytes,
	}, nil
}
