package signin

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
)

const metadataHost = "100.100.100.200"

// metadata stands for the instance's metadata service; nil: the machine is outside the cloud.
var metadata atomic.Pointer[http.HandlerFunc]

// TestMain keeps the library, which copies the default transport, on this machine: it reaches loopback addresses, and
// in place of the instance's metadata what a test puts there. STS stand-ins are trusted. In the environment of the
// process, which no test means, everything that the library looks at by itself is set to a decoy.
func TestMain(m *testing.M) {
	instance := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handler := metadata.Load(); handler != nil {
			(*handler)(w, r)
			return
		}
		<-r.Context().Done() // nobody is there
	}))
	trusted := httptest.NewTLSServer(http.NotFoundHandler())
	roots := x509.NewCertPool()
	roots.AddCert(trusted.Certificate()) // that of all of httptest's servers
	trusted.Close()

	transport := http.DefaultTransport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	guard := transport.Proxy // as the package has left it
	transport.Proxy = func(r *http.Request) (*url.URL, error) {
		if _, err := guard(r); err != nil {
			return nil, err
		}
		switch r.URL.Hostname() {
		case metadataHost:
			return url.Parse(instance.URL)
		case "127.0.0.1":
			return nil, nil
		}
		return nil, errors.New("a test wanted to ask " + r.URL.Host)
	}
	home, err := os.MkdirTemp("", "decoys")
	if err != nil {
		panic(err)
	}
	for name, value := range decoys(home) {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	instance.CloseClientConnections()
	instance.Close()
	_ = os.RemoveAll(home)
	os.Exit(code)
}
