package signin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// This file fetches sessions from a sidecar and from the metadata service of an ECS instance, and sends the requests of
// OAuth logins. It doesn't use the vendor's library for them, because as of github.com/aliyun/credentials-go v1.4.14:
//
//   - The library reads a response of any size, and accepts no context.
//   - It panics if a response has no Code or no Expiration, and it reads only an Expiration in UTC.
//   - It requests the metadata through a proxy, which would respond with the role of its own machine.

const (
	// metadataHost is the address of the metadata service. It is link-local: every ECS instance has its own service.
	metadataHost = "100.100.100.200"

	maxResponseBytes = 64 << 10
	dialTimeout      = 5 * time.Second
	requestTimeout   = 10 * time.Second

	// refreshBefore is the time before the expiration at which a session is replaced. The library has the same value.
	refreshBefore = 3 * time.Minute

	// assumedLifetime is the lifetime of a session without an expiration. It is shorter than refreshBefore, so each call
	// fetches a new session, and the old one is used only if that fails.
	assumedLifetime = time.Minute
)

// metadataAddressVariable is the environment variable with the address of another metadata service. It is empty, so
// there is no such variable, except in tests. The tests of the built provider set it with the linker's option -X.
var metadataAddressVariable string

// sessionTransport sends the requests of this file.
var sessionTransport = &http.Transport{
	Proxy:                  proxyUnlessMetadata,
	DialContext:            dialSession,
	TLSHandshakeTimeout:    dialTimeout,
	MaxResponseHeaderBytes: maxResponseBytes,
	DisableKeepAlives:      true, // there are minutes between two requests
}

// proxyUnlessMetadata returns the proxy of the environment, or nil for the metadata service.
func proxyUnlessMetadata(request *http.Request) (*url.URL, error) {
	if request.URL.Hostname() == metadataHost {
		return nil, nil
	}
	return http.ProxyFromEnvironment(request)
}

func dialSession(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: dialTimeout}
	if address == net.JoinHostPort(metadataHost, "80") {
		dialer.Timeout = metadataDialTimeout
		address = cmp.Or(os.Getenv(metadataAddressVariable), address)
	}
	return dialer.DialContext(ctx, network, address)
}

// httpResponse is the response of a sidecar or of the metadata service.
type httpResponse struct {
	status int
	body   []byte
}

// sendRequest sends a request and returns the response, whatever its status. It follows no redirect. An error is a
// *url.Error, whose URL may contain a secret, or a safeError.
func sendRequest(
	ctx context.Context, method, address string, header http.Header, requestBody string,
) (httpResponse, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(requestBody))
	if err != nil {
		return httpResponse{}, safeErrorf("the address is not a URL")
	}
	request.Header = header
	client := http.Client{
		Transport:     sessionTransport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return httpResponse{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponseBytes+1))
	switch {
	case err != nil:
		return httpResponse{}, &url.Error{Op: method, URL: address, Err: err}
	case len(body) > maxResponseBytes:
		return httpResponse{}, safeErrorf("the response is longer than %d KiB", maxResponseBytes>>10)
	}
	return httpResponse{response.StatusCode, body}, nil
}

// checkStatus returns an error if the status is not 200. The error contains the code and the request ID of the body.
func (r httpResponse) checkStatus() error {
	switch {
	case r.status == http.StatusOK:
		return nil
	case r.status >= 300 && r.status < 400:
		return redirectError(r.status)
	}
	return safeErrorf("the response has the status HTTP %d%s", r.status, errorFacts(string(r.body)))
}

// session contains credentials and the time at which they expire. The zero time means that each call fetches a new
// session.
type session struct {
	paiclient.Credentials
	expires time.Time
}

// parseSession parses the body of a response of a sidecar or of the metadata service. Its errors contain no value of
// the body except the code.
func parseSession(body []byte) (session, error) {
	var response struct {
		AccessKeyID     string `json:"AccessKeyId"`
		AccessKeySecret string `json:"AccessKeySecret"`
		SecurityToken   string `json:"SecurityToken"`
		Code            string `json:"Code"`
		Expiration      string `json:"Expiration"`
	}
	err := json.Unmarshal(body, &response)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return session{}, safeErrorf("the response has a member %s that is not a string", wrong.Field)
	} else if ok {
		return session{}, safeErrorf("the response is not a JSON object")
	}
	if invalid, ok := errors.AsType[*json.SyntaxError](err); ok {
		return session{}, safeErrorf("the response is invalid JSON at byte %d", invalid.Offset)
	}
	var problems []string
	if response.Code != "" && response.Code != "Success" {
		var scrubber scrub.Scrubber
		problems = append(problems, "the code "+strconv.Quote(scrubber.Clean(response.Code))+" instead of Success")
	}
	for _, member := range []struct{ name, value string }{
		{"AccessKeyId", response.AccessKeyID},
		{"AccessKeySecret", response.AccessKeySecret},
		{"SecurityToken", response.SecurityToken},
	} {
		if strings.TrimSpace(member.value) == "" {
			problems = append(problems, "no "+member.name)
		}
	}
	if len(problems) > 0 {
		return session{}, safeErrorf("the response has %s", strings.Join(problems, ", "))
	}
	expires, err := parseExpiration(response.Expiration)
	if err != nil {
		return session{}, err
	}
	return session{paiclient.Credentials{
		AccessKeyID: response.AccessKeyID, AccessKeySecret: response.AccessKeySecret, SecurityToken: response.SecurityToken,
	}, expires}, nil
}

// parseExpiration parses a time with any offset from UTC, with or without a colon in the offset. It returns the end of
// assumedLifetime for an empty text.
func parseExpiration(text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Now().Add(assumedLifetime), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"} {
		if expires, err := time.Parse(layout, text); err == nil {
			return expires, nil
		}
	}
	return time.Time{}, errExpiration
}

// sessionProvider is a credentials provider for the sessions of a sidecar, the metadata service or a command.
type sessionProvider struct {
	name    string // the name that the library's provider has
	fetch   func(context.Context) (session, error)
	current session // the zero value if there is none
}

// GetCredentials is GetCredentialsContext for a caller without a context.
func (p *sessionProvider) GetCredentials() (*providers.Credentials, error) {
	return p.GetCredentialsContext(context.Background())
}

// GetCredentialsContext returns the session. It fetches a new one shortly before the session expires. If that fails, it
// returns the old one until it expires.
func (p *sessionProvider) GetCredentialsContext(ctx context.Context) (*providers.Credentials, error) {
	if time.Until(p.current.expires) <= refreshBefore {
		next, err := p.fetch(ctx)
		if err != nil && time.Until(p.current.expires) <= 0 {
			return nil, err
		} else if err == nil {
			p.current = next
		}
	}
	return libraryCredentials(p.current.Credentials, p.name), nil
}

// GetProviderName returns the name that the library's provider has. The library sends it to STS.
func (p *sessionProvider) GetProviderName() string { return p.name }
