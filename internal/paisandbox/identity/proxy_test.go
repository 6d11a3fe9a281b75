package identity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func startProxy(t *testing.T, route map[string]string) *Proxy {
	t.Helper()
	p, err := StartProxy(t.Context(), ProxyOptions{Route: route})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

// through is a client that asks a proxy for everything.
func through(t *testing.T, p *Proxy, pem []byte) *http.Client {
	t.Helper()
	address, err := url.Parse(p.URL())
	if err != nil {
		t.Fatal(err)
	}
	client := trusting(pem)
	client.Transport.(*http.Transport).Proxy = http.ProxyURL(address)
	return client
}

func TestProxyLeadsToSTS(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sts := startSTS(t, s, STSOptions{})
	p := startProxy(t, map[string]string{"sts.cn-hangzhou.aliyuncs.com:443": sts.Host()})
	client := through(t, p, sts.CertificatePEM())
	if a := request(t, client, http.MethodGet, "https://sts.cn-hangzhou.aliyuncs.com/?Action=AssumeRole&Version=2015-04-01&Format=JSON", nil); a.errorCode(t) != "MissingAccessKeyId" {
		t.Errorf("got %s", a.body)
	}
	if seen := sts.Requests(); len(seen) != 1 || seen[0].Host != "sts.cn-hangzhou.aliyuncs.com" {
		t.Errorf("STS saw %+v", seen)
	}
	if err := failure(t, client, "https://sts.aliyuncs.com/"); err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
		t.Errorf("led to a host that isn't routed: %v", err)
	}
	want := []ProxyRequest{
		{Method: "CONNECT", Host: "sts.cn-hangzhou.aliyuncs.com:443", Routed: true},
		{Method: "CONNECT", Host: "sts.aliyuncs.com:443"},
	}
	if diff := cmp.Diff(want, p.Requests(), cmpopts.IgnoreFields(ProxyRequest{}, "Header")); diff != "" {
		t.Error(diff)
	}
}

func TestProxyLeadsToMetadata(t *testing.T) {
	t.Parallel()
	m := startMetadata(t, startSandbox(t, paisandbox.Options{}), MetadataOptions{})
	p := startProxy(t, map[string]string{MetadataHost: m.Host()})
	client := through(t, p, nil)
	address := "http://100.100.100.200" + metadataRolePath
	if a := request(t, client, http.MethodGet, address, http.Header{"X-Mine": {"1"}}); string(a.body) != DefaultMetadataRole {
		t.Errorf("got %s %s", a.Status, a.body)
	}
	if a := request(t, client, http.MethodGet, "http://100.100.100.200:8080/", nil); a.StatusCode != http.StatusBadGateway {
		t.Errorf("led to another port: %s", a.Status)
	}
	direct, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL()+metadataRolePath, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	direct.Host = "100.100.100.200"
	if a := send(t, trusting(nil), direct); a.StatusCode != http.StatusBadGateway {
		t.Errorf("served as if it were no proxy: %s", a.Status)
	}
	seen := m.Requests()
	if len(seen) != 1 || seen[0].Host != "100.100.100.200" || seen[0].Header.Get("X-Mine") != "1" || seen[0].Header.Get("X-Forwarded-For") != "" {
		t.Errorf("metadata saw %+v", seen)
	}
	asked := p.Requests()
	want := []ProxyRequest{
		{Method: "GET", Host: MetadataHost, Path: metadataRolePath, Routed: true},
		{Method: "GET", Host: "100.100.100.200:8080", Path: "/"},
		{Method: "GET", Host: MetadataHost, Path: metadataRolePath},
	}
	if diff := cmp.Diff(want, asked, cmpopts.IgnoreFields(ProxyRequest{}, "Header")); diff != "" || asked[0].Header.Get("X-Mine") != "1" {
		t.Error(diff)
	}
	asked[0].Header.Set("X-Mine", "changed from outside")
	if p.Requests()[0].Header.Get("X-Mine") != "1" {
		t.Error("the list can be changed from outside")
	}
}

func TestProxySaysWhoIsNotThere(t *testing.T) {
	t.Parallel()
	gone := startSandbox(t, paisandbox.Options{})
	_ = gone.Close()
	p := startProxy(t, map[string]string{"a.example:80": gone.Host(), "a.example:443": gone.Host()})
	client := through(t, p, nil)
	if a := request(t, client, http.MethodGet, "http://a.example/", nil); a.StatusCode != http.StatusBadGateway || !strings.Contains(string(a.body), "refused") {
		t.Errorf("got %s %s", a.Status, a.body)
	}
	if err := failure(t, client, "https://a.example/"); err == nil || !strings.Contains(err.Error(), "Bad Gateway") {
		t.Errorf("got %v", err)
	}
}
