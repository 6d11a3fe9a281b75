package acctest

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// cloud is the part of Alibaba Cloud that signing in needs, under its real names: the configuration names a region and
// nothing of the sandbox. What a test asks for goes through a proxy that leads nowhere else.
type cloud struct {
	*paisandbox.Sandbox
	sts      *identity.STS
	metadata *identity.Metadata
	sidecar  *identity.Sidecar
	sso      *identity.SSO
	proxy    *identity.Proxy
	home     string
	trust    []string // the environment that leads through the proxy, and trusts it
}

// startCloud lists a few images, so that a listing is one page, or many where a test says how many.
func startCloud(t *testing.T, images int) *cloud {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux does Go look for trusted certificates where SSL_CERT_FILE says")
	}
	c := &cloud{Sandbox: providertest.Start(t, paisandbox.Options{TLS: true, Catalogue: paisandbox.Numbered(images)}), home: signInHome(t)}
	var err error
	must := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c.sts, err = identity.StartSTS(t.Context(), c.Sandbox, identity.STSOptions{})
	must()
	c.metadata, err = identity.StartMetadata(t.Context(), c.Sandbox, identity.MetadataOptions{Role: "terraform-plan"})
	must()
	c.sidecar, err = identity.StartSidecar(t.Context(), c.Sandbox, identity.SidecarOptions{})
	must()
	c.sso, err = identity.StartSSO(t.Context(), c.Sandbox, identity.SSOOptions{})
	must()
	routes := map[string]string{identity.MetadataHost: c.metadata.Host(), "oauth.aliyun.com:443": c.sso.Host()}
	for _, region := range []string{"cn-hangzhou", "cn-shanghai"} {
		routes["aiworkspace."+region+".aliyuncs.com:443"] = c.Host()
		routes["sts."+region+".aliyuncs.com:443"] = c.sts.Host()
	}
	c.proxy, err = identity.StartProxy(t.Context(), identity.ProxyOptions{Route: routes})
	must()
	t.Cleanup(func() { _ = c.proxy.Close() })
	certificate := filepath.Join(t.TempDir(), "authority.pem")
	writeFile(t, certificate, string(c.CertificatePEM()))
	c.trust = []string{"HTTPS_PROXY=" + c.proxy.URL(), "HTTP_PROXY=" + c.proxy.URL(), "SSL_CERT_FILE=" + certificate, "HOME=" + c.home}
	return c
}

// signInHome is a home of one test's own, in which init finds the provider.
func signInHome(t *testing.T) string {
	t.Helper()
	made, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if err := os.Symlink(filepath.Join(made, ".terraform.d"), filepath.Join(home, ".terraform.d")); err != nil {
		t.Fatal(err)
	}
	return home
}

// keep puts a file into the home, which only its owner may read.
func (c *cloud) keep(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(c.home, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, content)
	return file
}

// wantNoSecrets looks for secrets in a text, in the forms in which text holds them.
func wantNoSecrets(t *testing.T, where, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		for _, form := range []string{
			secret, url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
		} {
			if at := strings.Index(text, form); at >= 0 {
				t.Errorf("%s holds %q: %s", where, form, text[max(0, at-200):min(len(text), at+200)])
			}
		}
	}
}

// run plans and applies a lookup, signed in as the file says, and looks at what reached the cloud and what was left behind.
func (s signingIn) run(t *testing.T, c *cloud) {
	t.Helper()
	environ := slices.Concat(c.trust, s.environ, []string{"TF_LOG=TRACE"})
	if s.decoys {
		environ = append(environ, providertest.Decoys(s.environ)...)
	}
	dir := &workingDir{t: t, path: t.TempDir(), env: c.trust}
	content, err := os.ReadFile(filepath.Join(root, "examples", "guides", "sign-in", s.file))
	if err != nil {
		t.Fatal(err)
	}
	dir.write("main.tf", requiredProviders+string(content)+lookUp)
	dir.run("init", "-no-color", "-input=false")
	dir.env = environ
	printed := dir.apply()
	state, err := os.ReadFile(filepath.Join(dir.path, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}

	region, metadata := "cn-hangzhou", false
	if s.region != "" {
		region = s.region
	}
	for _, asked := range c.proxy.Requests() {
		metadata = metadata || asked.Host == identity.MetadataHost
		if !asked.Routed || strings.HasSuffix(asked.Host, ".aliyuncs.com:443") && !strings.Contains(asked.Host, "."+region+".") {
			t.Errorf("%s was asked", asked.Host)
		}
	}
	if metadata != s.asksMetadata {
		t.Errorf("the instance's metadata was asked: %t", metadata)
	}
	secrets := []string{paisandbox.DefaultAccessKeySecret}
	sessions := make(map[string]paisandbox.Session) // by id
	for _, session := range c.Sessions() {
		sessions[session.AccessKeyID] = session
		secrets = append(secrets, session.AccessKeySecret, session.SecurityToken)
	}
	requests := c.Requests()
	if len(requests) == 0 {
		t.Error("no image was looked up")
	}
	for _, request := range requests {
		var signed paisandbox.Session
		for _, session := range sessions {
			if request.Header.Get("x-acs-security-token") == session.SecurityToken {
				signed = session
			}
		}
		parent := sessions[signed.Parent].By
		if request.Status != 200 || signed.By != s.by || signed.RoleARN != s.role || parent != s.parent || s.session != "" && signed.Name != s.session {
			t.Errorf("HTTP %d, signed by %q as %q, session %q, with one by %q", request.Status, signed.By, signed.RoleARN, signed.Name, parent)
		}
		if !strings.Contains(request.Header.Get("User-Agent"), "terraform-provider-pai/") {
			t.Errorf("asked by %s", request.Header.Get("User-Agent"))
		}
	}
	for where, text := range map[string]string{"output": printed, "state": string(state)} {
		wantNoSecrets(t, where, text, secrets...)
		wantNoSecrets(t, where, text, "ACS3-HMAC-SHA256 Credential")
	}
}
