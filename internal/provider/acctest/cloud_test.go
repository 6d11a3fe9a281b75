package acctest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

const (
	keyID, keySecret = paisandbox.DefaultAccessKeyID, paisandbox.DefaultAccessKeySecret

	planRole     = "acs:ram::1234567890123456:role/terraform-plan"
	oidcProvider = "acs:ram::1234567890123456:oidc-provider/github"
)

// allImagesConfig is a configuration that looks up all images and outputs their number.
const allImagesConfig = `
data "pai_images" "all" {}

output "count" {
  value = length(data.pai_images.all.images)
}
`

// cloud contains the API and the services that issue credentials. A proxy routes their real host names to them and
// refuses all other host names. Configurations can therefore set a region instead of endpoints.
type cloud struct {
	*paisandbox.Sandbox
	sts      *identity.STS
	metadata *identity.Metadata
	sidecar  *identity.Sidecar
	sso      *identity.SSO
	proxy    *identity.Proxy
	home     string
	env      []string // variables for the proxy, the certificate and the home directory
}

// startCloud starts the services. The catalogue has the given number of images.
func startCloud(t *testing.T, images int) *cloud {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SSL_CERT_FILE has no effect on " + runtime.GOOS)
	}
	c := &cloud{
		Sandbox: providertest.Start(t, paisandbox.Options{TLS: true, Catalogue: paisandbox.Numbered(images)}),
		home:    newHome(t),
	}
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
	routes := map[string]string{"oauth.aliyun.com:443": c.sso.Host()} // never the metadata's: see checkHosts
	for _, region := range []string{"cn-hangzhou", "cn-shanghai", "ap-southeast-1"} {
		routes["aiworkspace."+region+".aliyuncs.com:443"] = c.Host()
		routes["aiworkspace."+region+".example.com:443"] = c.Host()
		routes["sts."+region+".aliyuncs.com:443"] = c.sts.Host()
	}
	routes["sts.aliyuncs.com:443"] = c.sts.Host()
	c.proxy, err = identity.StartProxy(t.Context(), identity.ProxyOptions{Route: routes})
	must()
	t.Cleanup(func() { _ = c.proxy.Close() })
	certificate := filepath.Join(t.TempDir(), "authority.pem")
	writeFile(t, certificate, string(c.CertificatePEM()))
	c.env = []string{
		"HTTPS_PROXY=" + c.proxy.URL(), "HTTP_PROXY=" + c.proxy.URL(), "SSL_CERT_FILE=" + certificate, "HOME=" + c.home,
		metadataVariable + "=" + c.metadata.Host(),
	}
	return c
}

// regions are sandboxes of several regions. A proxy routes the real host name of each region's endpoint to its sandbox.
type regions struct {
	sandboxes map[string]*paisandbox.Sandbox
	env       []string // variables for the proxy, the certificate and the keys
}

// startRegions starts a sandbox with the built-in images of each region. Tests may add images of other regions.
func startRegions(t *testing.T, names ...string) *regions {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SSL_CERT_FILE has no effect on " + runtime.GOOS)
	}
	authority, err := certs.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	r := &regions{sandboxes: make(map[string]*paisandbox.Sandbox)}
	routes := make(map[string]string)
	for _, name := range names {
		catalogue := paisandbox.InRegion(paisandbox.Catalogue(), name)
		sandbox := providertest.Start(t, paisandbox.Options{TLS: true, Catalogue: catalogue, Authority: authority})
		r.sandboxes[name], routes["aiworkspace."+name+".aliyuncs.com:443"] = sandbox, sandbox.Host()
	}
	proxy, err := identity.StartProxy(t.Context(), identity.ProxyOptions{Route: routes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	certificate := filepath.Join(t.TempDir(), "authority.pem")
	writeFile(t, certificate, string(authority.PEM()))
	r.env = append(keyVariables(), "HTTPS_PROXY="+proxy.URL(), "SSL_CERT_FILE="+certificate)
	return r
}

// newHome returns a new home directory in which the provider is installed.
func newHome(t *testing.T) string {
	t.Helper()
	shared, err := installProvider()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	if err := os.Symlink(filepath.Join(shared, ".terraform.d"), filepath.Join(home, ".terraform.d")); err != nil {
		t.Fatal(err)
	}
	return home
}

// write creates or replaces a file in the home directory and returns its path.
func (c *cloud) write(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(c.home, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	writeFile(t, file, content)
	return file
}

// newWorkingDir writes a configuration to a new folder and runs init there. The CLI's environment routes requests to
// the cloud's services.
func (c *cloud) newWorkingDir(t *testing.T, configuration string) *workingDir {
	t.Helper()
	dir := &workingDir{t: t, path: t.TempDir(), env: c.env}
	dir.write("main.tf", requiredProviders+configuration)
	dir.init()
	return dir
}
