package signin

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// This file holds every change that this package makes to the process. Each is necessary because of the library, as of
// github.com/aliyun/credentials-go v1.4.14:
//
//   - It follows redirects, which would send an OIDC token or a security token to another host. Its HTTP client can't
//     be replaced and its HttpOptions have no setting for redirects. All that it takes from this program is a clone of
//     http.DefaultTransport, whose Proxy function sees each request before it is sent.
//   - It prints to os.Stdout, which Terraform writes to its log: the whole output of an external command that is not
//     JSON and, with DEBUG=credential, the tokens in request headers. It has no option for this, and reads DEBUG before
//     any init function of this program runs.

func init() {
	if transport, ok := http.DefaultTransport.(*http.Transport); ok {
		transport.Proxy = refuseRedirects(transport.Proxy)
		// Over HTTP/2, a redirect to the same host would reuse the connection without a call of Proxy.
		transport.ForceAttemptHTTP2 = false
	}
}

// refuseRedirects returns a Proxy function that fails for requests of the library that follow a redirect.
func refuseRedirects(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(request *http.Request) (*url.URL, error) {
		if request.Response != nil && strings.Contains(request.UserAgent(), " Credentials/") {
			return nil, safeErrorf("the response is a redirect (HTTP %d), which is not followed: its target would receive "+
				"the credentials", request.Response.StatusCode)
		}
		if proxy == nil {
			return nil, nil
		}
		return proxy(request)
	}
}

// quietProvider is a provider of the library that would print.
type quietProvider struct{ providers.CredentialsProvider }

// GetCredentials calls the provider while os.Stdout is disabled.
func (p quietProvider) GetCredentials() (*providers.Credentials, error) {
	defer disableStdout()()
	return p.CredentialsProvider.GetCredentials()
}

var stdout struct {
	sync.Mutex
	disabled int // number of calls that need it disabled
	file     *os.File
}

// disableStdout disables os.Stdout until the returned function is called.
func disableStdout() (enable func()) {
	stdout.Lock()
	defer stdout.Unlock()
	if stdout.disabled == 0 {
		stdout.file, os.Stdout = os.Stdout, nil // writing to a nil file fails
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
