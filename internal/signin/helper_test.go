package signin

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

const metadataHost = "100.100.100.200"

// metadata stands for the instance's metadata service; nil: the machine is outside the cloud.
var metadata atomic.Pointer[http.HandlerFunc]

// TestMain keeps the library, which copies the default transport, on this machine: it reaches loopback addresses, and
// in place of the instance's metadata what a test puts there. STS stand-ins are trusted.
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
	transport.Proxy = func(r *http.Request) (*url.URL, error) {
		switch r.URL.Hostname() {
		case metadataHost:
			return url.Parse(instance.URL)
		case "127.0.0.1":
			return nil, nil
		}
		return nil, errors.New("a test wanted to ask " + r.URL.Host)
	}
	code := m.Run()
	instance.CloseClientConnections()
	instance.Close()
	os.Exit(code)
}

// around are surroundings with these variables, given as name=value, and an empty home.
func around(t *testing.T, variables ...string) Surroundings {
	t.Helper()
	set := make(map[string]string)
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		set[name] = value
	}
	return Surroundings{Getenv: func(name string) string { return set[name] }, Home: t.TempDir()}
}

// write puts a file somewhere, or with a path under a home there, and gives its path.
func write(t *testing.T, home, name, content string) string {
	t.Helper()
	file := filepath.Join(home, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// signIn finds credentials and asks for them.
func signIn(t *testing.T, surroundings Surroundings) (paiclient.Credentials, error) {
	t.Helper()
	source, err := Find(surroundings)
	if err != nil {
		if source != nil {
			t.Errorf("an error and a source: %#v", source)
		}
		return paiclient.Credentials{}, err
	}
	return source.Credentials(t.Context())
}

// checkError wants an error that holds all of these texts and none of the hidden ones.
func checkError(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error doesn't say %q: %v", text, err)
		}
	}
	if strings.Contains(err.Error(), "hidden") {
		t.Errorf("the error tells what is secret: %v", err)
	}
}

// session is an answer of a sidecar or of the metadata.
func session(name string, lasts time.Duration) string {
	return fmt.Sprintf(`{"Code": "Success", "AccessKeyId": "STS.%[1]s", "AccessKeySecret": "key of %[1]s", "SecurityToken": "token of %[1]s",
		"Expiration": %[2]q}`, name, time.Now().Add(lasts).UTC().Format("2006-01-02T15:04:05Z"))
}

func sessionOf(name string) paiclient.Credentials {
	return paiclient.Credentials{AccessKeyID: "STS." + name, AccessKeySecret: "key of " + name, SecurityToken: "token of " + name}
}

// serve answers every request alike, and counts them.
func serve(t *testing.T, status int, body string) (address string, count *atomic.Int32) {
	t.Helper()
	count = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		count.Add(1)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL, count
}

// serveSTS answers with a session named after the role, the session's name and who asks, and keeps the latest request.
func serveSTS(t *testing.T) (host string, latest *atomic.Pointer[url.Values]) {
	t.Helper()
	latest = new(atomic.Pointer[url.Values])
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		latest.Store(&r.Form)
		_, _ = w.Write([]byte(`{"RequestId": "1", "Credentials": ` + session(r.Form.Get("RoleArn"), time.Hour) + `}`))
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "https://"), latest
}
