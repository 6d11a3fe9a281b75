package signin

import (
	"net/http"
	"net/url"
	"strings"
)

// The library's HTTP client can't be set up: it follows redirects, which would send an OIDC token or a security token
// to whoever is named. All that it takes from this program is a copy of the default transport, so that is where its
// requests are looked at: the function that is asked for a proxy sees each of them before it is sent.
func init() {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport.Proxy = refuseRedirects(transport.Proxy)
		// Over HTTP/2 a redirect to the same host would go through the connection that is there, unseen.
		transport.ForceAttemptHTTP2 = false
	}
}

// refuseRedirects fails for requests of the library that a redirect has caused.
func refuseRedirects(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(request *http.Request) (*url.URL, error) {
		if request.Response != nil && strings.Contains(request.UserAgent(), " Credentials/") {
			return nil, ownErrorf("it answered with a redirect (HTTP %d), which is not followed: credentials would go with it",
				request.Response.StatusCode)
		}
		if proxy == nil {
			return nil, nil
		}
		return proxy(request)
	}
}
