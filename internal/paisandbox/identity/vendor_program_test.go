package identity_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// asProgram is the environment variable that makes the test binary run as a program. The program fetches credentials
// with the vendor's library and lists images with the vendor's client. It is a separate process because both read
// SSL_CERT_FILE and the proxy variables only once.
const asProgram = "PAISANDBOX_TEST_AS_PROGRAM"

// apiHost is the API host that the program uses. The proxy routes it to the sandbox.
const apiHost = "aiworkspace.cn-hangzhou.aliyuncs.com"

func TestMain(m *testing.M) {
	if settings := os.Getenv(asProgram); settings != "" {
		if err := runProgram(settings); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// programSettings selects and configures a provider of the library.
type programSettings struct {
	Provider string
	Host     string // STS host; if empty, the library selects it by region and VPC
	Region   string
	VPC      bool
	ID       string
	Key      string // AccessKey secret
	Token    string // security token
	Role     string // ARN of a role, or name of an instance's role
	OIDC     string // OIDC token
	URL      string
	File     string // configuration file of the CLI
	NoIMDSv1 bool
}

func (s programSettings) provider() (providers.CredentialsProvider, error) {
	switch s.Provider {
	case "role":
		return providers.NewRAMRoleARNCredentialsProviderBuilder().
			WithAccessKeyId(s.ID).WithAccessKeySecret(s.Key).WithSecurityToken(s.Token).
			WithRoleArn(s.Role).WithRoleSessionName("program").WithPolicy(`{"Version":"1","Statement":[]}`).
			WithExternalId("theirs").WithDurationSeconds(1200).
			WithStsEndpoint(s.Host).WithStsRegionId(s.Region).WithEnableVpc(s.VPC).Build()
	case "oidc":
		return providers.NewOIDCCredentialsProviderBuilder().
			WithOIDCToken(s.OIDC).WithOIDCProviderARN("acs:ram::1234:oidc-provider/ci").
			WithRoleArn(s.Role).WithRoleSessionName("program").WithDurationSeconds(1200).
			WithSTSEndpoint(s.Host).WithStsRegionId(s.Region).WithEnableVpc(s.VPC).Build()
	case "uri":
		return providers.NewURLCredentialsProviderBuilder().WithUrl(s.URL).Build()
	case "instance":
		return providers.NewECSRAMRoleCredentialsProviderBuilder().
			WithRoleName(s.Role).WithDisableIMDSv1(s.NoIMDSv1).Build()
	case "profile":
		return providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(s.File).Build()
	}
	return nil, fmt.Errorf("unknown provider %q", s.Provider)
}

// runProgram runs the program. It prints the AccessKey ID and the number of images.
func runProgram(encoded string) error {
	var s programSettings
	if err := json.Unmarshal([]byte(encoded), &s); err != nil {
		return err
	}
	provider, err := s.provider()
	if err != nil {
		return err
	}
	got, err := provider.GetCredentials()
	if err != nil {
		return err
	}
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId: &got.AccessKeyId, AccessKeySecret: &got.AccessKeySecret, SecurityToken: &got.SecurityToken,
		Endpoint: dara.String(apiHost), Protocol: dara.String("https"),
	})
	if err != nil {
		return err
	}
	result, err := client.CallApi(&openapi.Params{
		Action: dara.String("ListImages"), Version: dara.String("2021-02-04"), Pathname: dara.String("/api/v1/images"),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
		Protocol: dara.String("https"), ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
	}, &openapi.OpenApiRequest{}, &dara.RuntimeOptions{})
	if err != nil {
		return err
	}
	fmt.Printf("%s %v", got.AccessKeyId, result["body"].(map[string]any)["TotalCount"])
	return nil
}

// cloud is a sandbox with all identity servers behind a proxy.
type cloud struct {
	sandbox  *paisandbox.Sandbox
	sts      *identity.STS
	sidecar  *identity.Sidecar
	metadata *identity.Metadata
	sso      *identity.SSO
	proxy    *identity.Proxy
	certFile string
}

func startCloud(t *testing.T) *cloud {
	t.Helper()
	var c cloud
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	c.sandbox, err = paisandbox.Start(t.Context(), paisandbox.Options{TLS: true, Catalogue: paisandbox.Numbered(7)})
	check(err)
	t.Cleanup(func() { _ = c.sandbox.Close() })
	c.sts, err = identity.StartSTS(t.Context(), c.sandbox, identity.STSOptions{Roles: []string{role}})
	check(err)
	c.sidecar, err = identity.StartSidecar(t.Context(), c.sandbox, identity.SidecarOptions{})
	check(err)
	c.metadata, err = identity.StartMetadata(t.Context(), c.sandbox, identity.MetadataOptions{TokenRequired: true})
	check(err)
	c.sso, err = identity.StartSSO(t.Context(), c.sandbox, identity.SSOOptions{})
	check(err)
	c.proxy, err = identity.StartProxy(t.Context(), identity.ProxyOptions{Route: map[string]string{
		apiHost + ":443":                          c.sandbox.Host(),
		"sts.aliyuncs.com:443":                    c.sts.Host(),
		"sts.cn-hangzhou.aliyuncs.com:443":        c.sts.Host(),
		"sts-vpc.ap-southeast-1.aliyuncs.com:443": c.sts.Host(),
		identity.MetadataHost:                     c.metadata.Host(),
		"oauth.aliyun.com:443":                    c.sso.Host(),
	}})
	check(err)
	t.Cleanup(func() { _ = c.proxy.Close() })
	c.certFile = filepath.Join(t.TempDir(), "cert.pem")
	check(os.WriteFile(c.certFile, c.sandbox.CertificatePEM(), 0o600))
	return &c
}

// run runs the test binary as the program, without the environment of the test.
func (c *cloud) run(t *testing.T, s programSettings) (stdout, stderr string, err error) {
	t.Helper()
	encoded, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(t.Context(), self)
	program.Env = []string{
		asProgram + "=" + string(encoded), "SSL_CERT_FILE=" + c.certFile, "SSL_CERT_DIR=" + filepath.Dir(c.certFile),
		"HTTPS_PROXY=" + c.proxy.URL(), "HTTP_PROXY=" + c.proxy.URL(), "HOME=" + t.TempDir(),
	}
	var out, errOut strings.Builder
	program.Stdout, program.Stderr = &out, &errOut
	err = program.Run()
	return out.String(), errOut.String(), err
}
