// Package sameaccount_test compares how this provider and the alicloud provider sign in.
package sameaccount_test

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// accountCase is a provider block and variables. Keys have the form id-NAME, secret-NAME and token-NAME.
type accountCase struct {
	block     string // arguments in HCL's order, such as "profile=ak region="; see parseBlock
	variables string // NAME=value, separated by spaces
}

// accountProfiles is the CLI's configuration file of all account cases.
const accountProfiles = `{"current": "current", "profiles": [
	{"name": "current", "mode": "AK", "access_key_id": "id-current", "access_key_secret": "secret-current"},
	{"name": "ak", "mode": "AK", "access_key_id": "id-ak", "access_key_secret": "secret-ak", "region_id": "r-ak"},
	{"name": "sts", "mode": "StsToken", "access_key_id": "id-sts", "access_key_secret": "secret-sts",
		"sts_token": "token-sts", "region_id": "r-sts"},
	{"name": "ram", "mode": "RamRoleArn", "access_key_id": "id-ram", "access_key_secret": "secret-ram",
		"ram_role_arn": "role-ram", "ram_session_name": "mine", "region_id": "r-ram"},
	{"name": "ecs-p", "mode": "EcsRamRole", "ram_role_name": "ecs-p"},
	{"name": "oidc", "mode": "OIDC", "oidc_provider_arn": "provider", "oidc_token": "token-of-profile",
		"ram_role_arn": "role-oidc", "ram_session_name": "mine", "region_id": "r-oidc"},
	{"name": "leftover", "mode": "OIDC", "oidc_provider_arn": "provider", "oidc_token": "token-of-profile",
		"ram_role_arn": "role-oidc", "ram_session_name": "mine",
		"access_key_id": "id-old", "access_key_secret": "secret-old"},
	{"name": "twice", "mode": "AK", "access_key_id": "id-first", "access_key_secret": "secret-first"},
	{"name": "twice", "mode": "AK", "access_key_id": "id-last", "access_key_secret": "secret-last"},
	{"name": "no-mode", "access_key_id": "id-none", "access_key_secret": "secret-none", "region_id": "r-none"},
	{"name": "empty-mode", "mode": "", "access_key_id": "id-empty", "access_key_secret": "secret-empty",
		"ram_role_arn": "role-empty", "ram_session_name": "mine"},
	{"name": "lower-mode", "mode": "ramrolearn", "access_key_id": "id-lower", "access_key_secret": "secret-lower",
		"ram_role_arn": "role-lower", "ram_session_name": "mine"}
]}`

// sdkProfiles is the SDKs' file of profiles of all account cases.
const sdkProfiles = `[ak]
type = access_key
access_key_id = id-sdk
access_key_secret = secret-sdk
`

// otherProfiles is the CLI's configuration file at a path that only arguments or variables name.
const otherProfiles = `{"current": "ak", "profiles": [
	{"name": "ak", "mode": "AK", "access_key_id": "id-other", "access_key_secret": "secret-other", "region_id": "r-other"}
]}`

// stsConfig is the TLS configuration of the STS of all tests, whose certificate the credentials library trusts.
var stsConfig *tls.Config

func TestMain(m *testing.M) {
	authority, err := certs.NewAuthority()
	if err == nil {
		stsConfig, err = authority.ServerConfig("127.0.0.1")
	}
	if err != nil {
		panic(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	transport := http.DefaultTransport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	m.Run()
}

// account finds out who signs requests. Its STS accepts every key and token.
type account struct {
	sts, sidecar *httptest.Server
	home         string
	requests     []url.Values // to STS since the last call of who
}

func newAccount(t *testing.T) *account {
	t.Helper()
	session := func(name string) string {
		content, _ := json.Marshal(map[string]string{
			"Code": "Success", "AccessKeyId": "id-" + name, "AccessKeySecret": "secret-" + name,
			"SecurityToken": "token-" + name, "Expiration": "2099-01-01T00:00:00Z",
		})
		return string(content)
	}
	a := &account{home: t.TempDir()}
	a.sts = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		a.requests = append(a.requests, r.Form)
		_, _ = io.WriteString(w, `{"Credentials":`+session("role")+`}`)
	}))
	a.sts.TLS = stsConfig
	a.sts.Config.SetKeepAlivesEnabled(false) // the library would keep one connection open for each role
	a.sts.StartTLS()
	t.Cleanup(a.sts.Close)
	a.sidecar = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, session("sidecar"))
	}))
	t.Cleanup(a.sidecar.Close)
	for name, content := range map[string]string{
		".aliyun/config.json": accountProfiles, ".alibabacloud/credentials": sdkProfiles, "other": otherProfiles,
		"oidc-file": "oidc-file",
	} {
		file := filepath.Join(a.home, filepath.FromSlash(name))
		err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(content), 0o600))
		if err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// input returns the input of Find. URI, OTHER and FILE are placeholders for the URI of the sidecar, the path of
// otherProfiles and the path of an OIDC token.
func (a *account) input(t *testing.T, c accountCase) (signin.Configuration, signin.Env) {
	t.Helper()
	replace := strings.NewReplacer(
		"URI", a.sidecar.URL, "OTHER", filepath.Join(a.home, "other"), "FILE", filepath.Join(a.home, "oidc-file"),
	)
	variables := make(map[string]string)
	for field := range strings.FieldsSeq(c.variables) {
		name, value, _ := strings.Cut(field, "=")
		variables[name] = replace.Replace(value)
	}
	config := parseBlock(t, c.block, replace)
	config.STSEndpoint = a.sts.Listener.Addr().String()
	return config, signin.Env{Getenv: func(name string) string { return variables[name] }, Home: a.home}
}

// parseBlock returns the configuration of a block such as "profile=ak assume_role.role_arn=r". The word assume_role or
// assume_role_with_oidc is an empty block.
func parseBlock(t *testing.T, block string, replace *strings.Replacer) (config signin.Configuration) {
	t.Helper()
	fields := map[string]*string{
		"access_key": &config.AccessKey, "secret_key": &config.SecretKey, "security_token": &config.SecurityToken,
		"profile": &config.Profile, "shared_credentials_file": &config.SharedCredentialsFile,
		"credentials_uri": &config.CredentialsURI, "ecs_role_name": &config.ECSRoleName, "region": &config.Region,
	}
	for _, field := range strings.Fields(block) {
		name, value, _ := strings.Cut(field, "=")
		value = replace.Replace(value)
		parent, member, _ := strings.Cut(name, ".")
		switch parent {
		case "assume_role":
			role := cmp.Or(config.AssumeRole, &signin.AssumeRole{})
			config.AssumeRole = role
			switch member {
			case "role_arn":
				role.RoleARN = &value
			case "session_name":
				role.SessionName = value
			}
		case "assume_role_with_oidc":
			o := cmp.Or(config.OIDC, &signin.OIDC{})
			config.OIDC = o
			for name, target := range map[string]*string{
				"oidc_provider_arn": &o.ProviderARN, "role_arn": &o.RoleARN, "oidc_token": &o.Token,
				"oidc_token_file": &o.TokenFile,
			} {
				if name == member {
					*target = value
				}
			}
		default:
			target, ok := fields[name]
			if !ok {
				t.Fatalf("unknown argument %s", name)
			}
			*target = value
		}
		if member != "role_arn" && strings.HasSuffix(field, "=") {
			config.Empty = append(config.Empty, name)
		}
	}
	return config
}

// signIn returns who signs requests, in the form of alicloudModel.identity, and the region.
func (a *account) signIn(
	t *testing.T, config signin.Configuration, env signin.Env,
) (who, region string, warnings []signin.Warning, err error) {
	t.Helper()
	region, _, warnings = signin.Region(config.Region, slices.Contains(config.Empty, "region"), env)
	config.Region = region
	found, err := signin.Find(config, env)
	if err != nil {
		return "", "", nil, err
	}
	who, err = a.who(t, found)
	return who, cmp.Or(region, found.Region), append(warnings, found.Warnings...), err
}

// ecsRoleName matches the name of a source that is an ECS role, or a role that is assumed with one.
var ecsRoleName = regexp.MustCompile(
	`^(?:the role (\S+) \(session name (\S+)\) assumed with )?the (?:ECS role|profile) "?(ecs-\w+)"? of `)

func (a *account) who(t *testing.T, found *signin.Result) (string, error) {
	t.Helper()
	if match := ecsRoleName.FindStringSubmatch(found.Name); match != nil { // no metadata service is available
		if match[1] != "" {
			return match[1] + "/" + match[2] + "<" + match[3], nil
		}
		return match[3], nil
	}
	a.requests = nil
	got, err := found.Credentials.Credentials(t.Context())
	if err != nil {
		return "", err
	}
	who := withToken(got.AccessKeyID, got.SecurityToken)
	for _, r := range slices.Backward(a.requests) {
		if role, ok := strings.CutSuffix(who, "id-role+token-role"); ok {
			who = role + r.Get("RoleArn") + "/" + r.Get("RoleSessionName") + "<" +
				cmp.Or(r.Get("OIDCToken"), withToken(r.Get("AccessKeyId"), r.Get("SecurityToken")))
		}
	}
	return who, nil
}

func withToken(id, token string) string {
	if token == "" {
		return id
	}
	return id + "+" + token
}
