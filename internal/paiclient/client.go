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
const maxBodyBytes = 64 << 20

// Options are what a Client is made from. Endpoint and Credentials are required; the numbers are taken as they are.
type Options struct {
	Endpoint       *url.URL         // from RegionalEndpoint or ParseEndpoint
	Credentials    CredentialSource // asked at every attempt
	UserAgent      string           // names the callers, the outermost first
	MaxRetries     int              // attempts after the first; 0: none
	RequestTimeout time.Duration    // of one attempt
	MaxConcurrency int              // requests under way at once, of all calls together
	RootCAs        *x509.CertPool   // who is trusted; nil: whom the system trusts
}

// Client asks the image API. It is safe for concurrent use, and one serves a whole provider, since the limit on
// requests under way is the client's.
type Client struct {
	endpoint       *url.URL
	userAgent      string
	maxConcurrency int
	places         *semaphore.Weighted
	retrying       *retryablehttp.Client
	credentials    CredentialSource
	secrets        *scrub.Scrubber
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
		retrying:       retrying,
		credentials:    options.Credentials,
		secrets:        secrets,
		maxBody:        maxBodyBytes,
	}, nil
}

// get asks for one thing until it is there or can't be had, and has decode read the answer. What decode finds broken
// off is asked for again.
func (c *Client) get(ctx context.Context, action, path string, query url.Values, decode func(*http.Response) error) error {
	current := &call{action: action, host: c.endpoint.Host, begun: time.Now(), source: c.credentials, secrets: c.secrets}
	ctx = current.within(ctx)

	// A request keeps its place while it waits to try again: what is throttled must not make room for more.
	if err := c.places.Acquire(ctx, 1); err != nil {
		return current.failure(ctx, err)
	}
	defer c.places.Release(1)

	address := c.endpoint.JoinPath(path)
	address.RawQuery = query.Encode()
	request, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return current.failure(ctx, err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.userAgent)
	request.SetResponseHandler(func(response *http.Response) error {
		defer func() { _ = response.Body.Close() }() // what matters of it was read
		if response.StatusCode < 200 || response.StatusCode > 299 {
			return c.apiError(action, response)
		}
		response.Body = http.MaxBytesReader(nil, response.Body, c.maxBody)
		return decode(response)
	})
	response, err := c.retrying.Do(request)
	if err != nil {
		return current.failure(ctx, err)
	}
	return response.Body.Close()
}
