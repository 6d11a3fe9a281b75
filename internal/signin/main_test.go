package signin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// testProxy is the proxy of the current test. It routes the names of real services to servers of the test.
var testProxy atomic.Pointer[identity.Proxy]

// authority issues the certificates of the sandboxes of all tests.
var authority *certs.Authority

// TestMain changes the default transport, which the library clones, and the transport for sidecars: requests stay on
// this machine, and the sandboxes' certificates are trusted. Unless a test calls useMetadata, requests to the metadata
// service get no response. TestMain sets every environment variable that the library reads to a decoy, because tests
// pass their own environment to Find. HTTP_PROXY and HTTPS_PROXY name a proxy that doesn't exist.
func TestMain(m *testing.M) {
	ctx, cancel := context.WithCancel(context.Background())
	authority = must(certs.NewAuthority())
	sandbox := must(paisandbox.Start(ctx, paisandbox.Options{}))
	hanging := must(identity.StartMetadata(ctx, sandbox, identity.MetadataOptions{}))
	hanging.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	for _, transport := range []*http.Transport{http.DefaultTransport.(*http.Transport), sessionTransport} {
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		transport.Proxy = proxyOfTest(transport.Proxy)
	}
	if metadataAddressVariable != "" {
		panic("without the linker's option, there must be no variable for the metadata address")
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

// decoys returns every environment variable that the library or this package reads, each with a decoy as its value. It
// also writes credential files with decoys into the home directory.
func decoys(home string) map[string]string {
	files := map[string]string{
		cliConfig:      strings.ReplaceAll(cliProfiles, "main-id", "decoy-id"),
		sdkCredentials: strings.ReplaceAll(sdkSections, "default-id", "decoy-id"),
		"token":        "decoy",
	}
	for name, content := range files {
		file := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			panic(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			panic(err)
		}
	}
	variables := make(map[string]string)
	for _, argument := range Arguments {
		for _, name := range argument.Variables {
			variables[name] = "decoy"
		}
	}
	for _, name := range []string{
		"ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID", "ALICLOUD_REGION", "ALICLOUD_REGION_ID",
		"ALIBABA_CLOUD_STS_REGION",
	} {
		variables[name] = "decoy"
	}
	maps.Copy(variables, map[string]string{
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE":      filepath.Join(home, "token"),
		"ALIBABA_CLOUD_CONFIG_FILE":          filepath.Join(home, cliConfig),
		"ALIBABA_CLOUD_CREDENTIALS_FILE":     filepath.Join(home, sdkCredentials),
		"ALICLOUD_SHARED_CREDENTIALS_FILE":   filepath.Join(home, cliConfig),
		"ALIBABA_CLOUD_CREDENTIALS_URI":      "http://127.0.0.1:1/decoy",
		"ALICLOUD_CREDENTIALS_URI":           "http://127.0.0.1:1/decoy",
		"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true",
		"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true",
		"NO_PROXY":                           "",
		"no_proxy":                           "",
		"HTTP_PROXY":                         "http://127.0.0.1:1",
		"HTTPS_PROXY":                        "http://127.0.0.1:1",
		"HOME":                               home,
		"USERPROFILE":                        home,
	})
	return variables
}

// completingVariables returns the variables that complete a provider block with a credential source.
func completingVariables() []string {
	return Variables(
		"sts_endpoint", "profile", "shared_credentials_file", "assume_role.session_name", "assume_role.session_expiration",
		"assume_role_with_oidc.role_session_name",
	)
}

// newDecoyEnv returns an environment in which the variables of every source and of a role contain decoys. The given
// variables, name=value, replace them.
func newDecoyEnv(t *testing.T, variables ...string) Env {
	t.Helper()
	set := decoys(t.TempDir())
	for _, name := range append(completingVariables(), profileDisabled) {
		delete(set, name)
	}
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		set[name] = value
	}
	return Env{Getenv: func(name string) string { return set[name] }, Home: t.TempDir()}
}

// TestLibraryIgnoresEnvironment sets one source in the Env of each case. The environment of the process contains
// decoys, and the test checks that the library doesn't use them.
func TestLibraryIgnoresEnvironment(t *testing.T) { //nolint:paralleltest // the metadata service has a fixed address
	s := startSandbox(t)
	useMetadata(t, s)
	endpoint := "STS_ENDPOINT=" + startSTS(t, s, identity.STSOptions{}).Host()
	uri := "ALIBABA_CLOUD_CREDENTIALS_URI=" + startSidecar(t, s, time.Hour).URL()
	token := writeFile(t, t.TempDir(), "token", identity.OIDCToken(s, "me", time.Hour))
	tokenFile, provider := "ALIBABA_CLOUD_OIDC_TOKEN_FILE="+token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN="+testProvider
	role := testRole("r")

	config := func(members string) string {
		return `{"current": "a", "profiles": [{"name": "a", ` + members + `}]}`
	}
	const (
		keys    = `"access_key_id": "` + keyID + `", "access_key_secret": "` + keySecret + `"`
		sdkKeys = "access_key_id=" + keyID + "\naccess_key_secret=" + keySecret
	)
	for _, test := range []struct { //nolint:paralleltest // as above
		name      string
		variables []string
		cli, sdk  string // content of the profile files in the home directory
		want      string // By of the session, or keyID for static keys; "" if an error is expected
	}{
		{"keys", []string{"ALICLOUD_ACCESS_KEY=" + keyID, "ALICLOUD_SECRET_KEY=" + keySecret}, "", "", keyID},
		{"half a key", []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=" + keyID}, "", "", ""},
		{
			"OIDC",
			[]string{tokenFile, provider, "ALIBABA_CLOUD_ROLE_ARN=" + role, endpoint},
			"", "", identity.ByAssumeRoleWithOIDC,
		},
		{"OIDC without a role", []string{tokenFile, provider, endpoint}, "", "", ""},
		{"sidecar", []string{uri}, "", "", identity.BySidecar},
		{"ECS role", []string{"ALIBABA_CLOUD_ECS_METADATA=attached"}, "", "", identity.ByMetadata},
		{"attached ECS role", nil, "", "", identity.ByMetadata},
		{"AK", nil, config(`"mode": "AK", ` + keys), "", keyID},
		{"AK without a secret", nil, config(`"mode": "AK", "access_key_id": "x"`), "", ""},
		{"StsToken", nil, config(`"mode": "StsToken", "sts_token": "t", ` + keys), "", keyID},
		{"StsToken without a token", nil, config(`"mode": "StsToken", ` + keys), "", ""},
		{
			"RamRoleArn",
			[]string{endpoint},
			config(`"mode": "RamRoleArn", "ram_role_arn": "` + role + `", ` + keys), "",
			identity.ByAssumeRole,
		},
		{"RamRoleArn without a role", []string{endpoint}, config(`"mode": "RamRoleArn", ` + keys), "", ""},
		{
			"RamRoleArn without keys",
			[]string{endpoint},
			config(`"mode": "RamRoleArn", "ram_role_arn": "` + role + `"`), "",
			"",
		},
		{
			"OIDC profile", []string{endpoint}, config(`"mode": "OIDC", "ram_role_arn": "` + role + `", "oidc_provider_arn": "` +
				testProvider + `", "oidc_token_file": "` + token + `"`), "", identity.ByAssumeRoleWithOIDC,
		},
		{"EcsRamRole", nil, config(`"mode": "EcsRamRole", "ram_role_name": "attached"`), "", identity.ByMetadata},
		{"EcsRamRole without a name", nil, config(`"mode": "EcsRamRole"`), "", identity.ByMetadata},
		{"CloudSSO, logged out", nil, config(`"mode": "CloudSSO"`), "", ""},
		{"no current profile", nil, `{"profiles": [{"name": "decoy", "mode": "AK", ` + keys + `}]}`, "", ""},
		{"access_key", nil, "", "[default]\ntype=access_key\n" + sdkKeys, keyID},
		{"access_key without an id", nil, "", "[default]\ntype=access_key\naccess_key_secret=k", ""},
		{"no default section", nil, "", "[decoy]\ntype=access_key\n" + sdkKeys, ""},
		{
			"ram_role_arn", []string{endpoint}, "", "[default]\ntype=ram_role_arn\n" + sdkKeys + "\nrole_arn=" + role +
				"\nrole_session_name=me", identity.ByAssumeRole,
		},
		{"ecs_ram_role", nil, "", "[default]\ntype=ecs_ram_role\nrole_name=attached", identity.ByMetadata},
	} {
		t.Run(test.name, func(t *testing.T) {
			env := newEnv(t, test.variables...)
			if test.cli != "" {
				writeFile(t, env.Home, cliConfig, test.cli)
			}
			if test.sdk != "" {
				writeFile(t, env.Home, sdkCredentials, test.sdk)
			}
			got, err := fetch(t, Configuration{}, env)
			switch test.want {
			case "":
				if err == nil {
					t.Errorf("credentials %v, want an error", got)
				}
			case keyID:
				if err != nil || got.AccessKeyID != keyID {
					t.Errorf("credentials %v, error %v; want %s", got, err, keyID)
				}
				if test.name == "keys" && got.SecurityToken != "" {
					t.Errorf("security token %q, want none", got.SecurityToken)
				}
			default:
				checkLastSession(t, got, err, s, test.want)
			}
		})
	}
}
