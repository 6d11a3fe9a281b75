package identity_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// cloud is everything that a program on a machine may ask, behind a proxy that leads nowhere else.
type cloud struct {
	sandbox  *paisandbox.Sandbox
	sts      *identity.STS
	sidecar  *identity.Sidecar
	metadata *identity.Metadata
	sso      *identity.SSO
	proxy    *identity.Proxy
	trust    string // file
}

func startCloud(t *testing.T) *cloud {
	t.Helper()
	var c cloud
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c.sandbox, err = paisandbox.Start(t.Context(), paisandbox.Options{TLS: true, Catalogue: paisandbox.Numbered(7)})
	must(err)
	t.Cleanup(func() { _ = c.sandbox.Close() })
	c.sts, err = identity.StartSTS(t.Context(), c.sandbox, identity.STSOptions{Roles: []string{role}})
	must(err)
	c.sidecar, err = identity.StartSidecar(t.Context(), c.sandbox, identity.SidecarOptions{})
	must(err)
	c.metadata, err = identity.StartMetadata(t.Context(), c.sandbox, identity.MetadataOptions{TokenRequired: true})
	must(err)
	c.sso, err = identity.StartSSO(t.Context(), c.sandbox, identity.SSOOptions{})
	must(err)
	c.proxy, err = identity.StartProxy(t.Context(), identity.ProxyOptions{Route: map[string]string{
		apiHost + ":443":                          c.sandbox.Host(),
		"sts.aliyuncs.com:443":                    c.sts.Host(),
		"sts.cn-hangzhou.aliyuncs.com:443":        c.sts.Host(),
		"sts-vpc.ap-southeast-1.aliyuncs.com:443": c.sts.Host(),
		identity.MetadataHost:                     c.metadata.Host(),
		"oauth.aliyun.com:443":                    c.sso.Host(),
	}})
	must(err)
	t.Cleanup(func() { _ = c.proxy.Close() })
	c.trust = filepath.Join(t.TempDir(), "trust.pem")
	must(os.WriteFile(c.trust, c.sandbox.CertificatePEM(), 0o600))
	return &c
}

// run runs the program of this binary in an environment of its own.
func (c *cloud) run(t *testing.T, s signIn) (stdout, stderr string, err error) {
	t.Helper()
	settings, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(t.Context(), self)
	program.Env = []string{
		asProgram + "=" + string(settings), "SSL_CERT_FILE=" + c.trust, "SSL_CERT_DIR=" + filepath.Dir(c.trust),
		"HTTPS_PROXY=" + c.proxy.URL(), "HTTP_PROXY=" + c.proxy.URL(), "HOME=" + t.TempDir(),
	}
	var out, complaint strings.Builder
	program.Stdout, program.Stderr = &out, &complaint
	err = program.Run()
	return out.String(), complaint.String(), err
}
