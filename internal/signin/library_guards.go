package signin

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
)

// This file contains every change that this package makes to the whole process. Three properties of the library, as of
// github.com/aliyun/credentials-go v1.4.14, require them:
//
//   - The library follows redirects, which would send an OIDC token or a security token to another host. Its HTTP
//     client can't be replaced, and its HttpOptions have no setting for redirects. But it clones
//     http.DefaultTransport, whose Proxy function is called for each request before the request is sent.
//   - The library reads a response of any length. It opens a connection for each request, with the function
//     DialTLSContext of http.DefaultTransport. The function set here limits how much can be read from a connection.
//     It has no effect through a proxy, because http.Transport then doesn't call it.
//   - With DEBUG=credential, the library prints the tokens in request headers to os.Stdout, and Terraform writes that
//     output to its log. No option disables this, and the library reads DEBUG before any init function of this program
//     runs. So namedProvider disables os.Stdout during every call of the library, if DEBUG has this value.

func init() {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport.Proxy = refuseRedirects(transport.Proxy)
		// Over HTTP/2, a redirect to the same host reuses the connection, and Proxy is not called.
		transport.ForceAttemptHTTP2 = false
		transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: dialTimeout}, Config: transport.TLSClientConfig}
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &limitedConn{Conn: conn, left: maxConnectionBytes}, nil
		}
		transport.MaxResponseHeaderBytes = maxResponseBytes
		transport.DisableCompression = true // a compressed response could be much longer than the limit
	}
}

// maxConnectionBytes limits how much the credentials library can read from a connection. Responses of STS have about
// 2 kB.
const maxConnectionBytes = 1 << 20

// limitedConn is a connection from which only a number of bytes can be read.
type limitedConn struct {
	net.Conn
	left int // bytes
}

// Read returns an error if the limit is reached.
func (c *limitedConn) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, safeErrorf("the response is longer than %d KiB", maxConnectionBytes>>10)
	}
	n, err := c.Conn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// refuseRedirects returns a function for http.Transport.Proxy. The function returns an error for a redirected request
// of the credentials library. For all other requests it calls proxy.
func refuseRedirects(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(request *http.Request) (*url.URL, error) {
		if request.Response != nil && strings.Contains(request.UserAgent(), " Credentials/") {
			return nil, redirectError(request.Response.StatusCode)
		}
		if proxy == nil {
			return nil, nil
		}
		return proxy(request)
	}
}

// libraryPrints reports whether the library prints. It tests DEBUG as the library does.
var libraryPrints = slices.Contains(strings.Split(os.Getenv("DEBUG"), ","), "credential")

var stdout struct {
	sync.Mutex
	disabled int // number of calls in progress during which os.Stdout is disabled
	file     *os.File
}

// disableStdout sets os.Stdout to nil until the returned function is called. It does nothing if the library doesn't
// print, because the rest of the process may use os.Stdout at the same time.
func disableStdout() (enable func()) {
	if !libraryPrints {
		return func() {}
	}
	stdout.Lock()
	defer stdout.Unlock()
	if stdout.disabled == 0 {
		stdout.file, os.Stdout = os.Stdout, nil // a write to a nil file returns an error
	}
	stdout.disabled++
	return func() {
		stdout.Lock()
		defer stdout.Unlock()
		if stdout.disabled--; stdout.disabled == 0 {
			os.Stdout = stdout.file
		}
	}
}
