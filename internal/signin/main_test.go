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

// testProxy is the proxy of the current test. It routes the names of real services to servers of the test. If it is
// nil, requests to the metadata service get no response.
var testProxy atomic.Pointer[identity.Proxy]

// authority issues the certificates of the sandboxes of all tests.
var authority *paisandbox.Authority

// TestMain changes the default transport, which the library clones: requests stay on this machine, and the sandboxes'
// certificates are trusted. It sets every environment variable that the library reads to a decoy, because tests pass
// their own environment to Find.
func TestMain(m *testing.M) {
	ctx, cancel := context.WithCancel(context.Background())
	authority = must(paisandbox.NewAuthority())
	sandbox := must(paisandbox.Start(ctx, paisandbox.Options{}))
	hanging := must(identity.StartMetadata(ctx, sandbox, identity.MetadataOptions{}))
	hanging.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	transport := http.DefaultTransport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	refuse := transport.Proxy // set by library_guards.go
	transport.Proxy = func(r *http.Request) (*url.URL, error) {
		if _, err := refuse(r); err != nil {
			return nil, err
		}
		switch p := testProxy.Load(); {
		case r.URL.Hostname() == "127.0.0.1":
			return nil, nil
		case p != nil:
			return url.Parse(p.URL())
		case r.URL.Host == "100.100.100.200":
			return url.Parse(hanging.URL())
		}
		return nil, errors.New("a test tried to reach " + r.URL.Host)
	}
	home := must(os.MkdirTemp("", "decoys"))
	for name, value := range decoys(home) {
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

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
