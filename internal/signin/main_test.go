package signin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// testProxy is the proxy of the current test. It routes the names of real services to servers of the test.
var testProxy atomic.Pointer[identity.Proxy]

// authority issues the certificates of the sandboxes of all tests.
var authority *paisandbox.Authority

// TestMain changes the default transport, which the library clones, and the transport for sidecars: requests stay on
// this machine, and the sandboxes' certificates are trusted. Unless a test calls useMetadata, requests to the metadata
// service get no response. TestMain sets every environment variable that the library reads to a decoy, because tests
// pass their own environment to Find. HTTP_PROXY and HTTPS_PROXY name a proxy that doesn't exist.
func TestMain(m *testing.M) {
	ctx, cancel := context.WithCancel(context.Background())
	authority = must(paisandbox.NewAuthority())
	sandbox := must(paisandbox.Start(ctx, paisandbox.Options{}))
	hanging := must(identity.StartMetadata(ctx, sandbox, identity.MetadataOptions{}))
	hanging.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	for _, transport := range []*http.Transport{http.DefaultTransport.(*http.Transport), sessionTransport} {
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		transport.Proxy = proxyOfTest(transport.Proxy)
	}
	metadataAddressVariable = "SIGNIN_TEST_METADATA"
	home := must(os.MkdirTemp("", "decoys"))
	variables := decoys(home)
	variables[metadataAddressVariable] = hanging.Host()
	for name, value := range variables {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	cancel()
	_ = sandbox.Close()
	_ = os.RemoveAll(home)
	os.Exit(code)
}

// proxyOfTest returns a function for http.Transport.Proxy, which replaces proxy: it selects testProxy for every request
// for which proxy selects one.
func proxyOfTest(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		if selected, err := proxy(r); selected == nil || err != nil {
			return nil, err
		}
		if p := testProxy.Load(); p != nil {
			return url.Parse(p.URL())
		}
		return nil, errors.New("a test tried to reach " + r.URL.Host)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
