package signin

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// accountCase is a provider block, variables and files. Keys have the form id-NAME, secret-NAME and token-NAME.
type accountCase struct {
	name      string
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
		"ram_role_arn": "role-oidc", "ram_session_name": "mine", "access_key_id": "id-old", "access_key_secret": "secret-old"}
]}`

// otherProfiles is the CLI's configuration file at a path that only arguments or variables name.
const otherProfiles = `{"current": "ak", "profiles": [
	{"name": "ak", "mode": "AK", "access_key_id": "id-other", "access_key_secret": "secret-other", "region_id": "r-other"}
]}`

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
	a.sts.TLS = must(authority.ServerConfig("127.0.0.1"))
	a.sts.StartTLS()
	t.Cleanup(a.sts.Close)
	a.sidecar = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, session("sidecar"))
	}))
	t.Cleanup(a.sidecar.Close)
	writeFile(t, a.home, cliConfig, accountProfiles)
	writeFile(t, a.home, "other", otherProfiles)
	writeFile(t, a.home, "oidc-file", "oidc-file")
	return a
}

// input returns the input of Find. URI, OTHER and FILE are placeholders for the URI of the sidecar, the path of
// otherProfiles and the path of an OIDC token.
func (a *account) input(t *testing.T, c accountCase) (Configuration, Env) {
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
	return config, Env{Getenv: func(name string) string { return variables[name] }, Home: a.home}
}

// parseBlock returns the configuration of a block such as "profile=ak assume_role.role_arn=r". The word assume_role or
// assume_role_with_oidc is an empty block.
func parseBlock(t *testing.T, block string, replace *strings.Replacer) (config Configuration) {
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
			role := cmp.Or(config.AssumeRole, &AssumeRole{})
			config.AssumeRole = role
			switch member {
			case "role_arn":
				role.RoleARN = &value
			case "session_name":
				role.SessionName = value
			}
		case "assume_role_with_oidc":
			o := cmp.Or(config.OIDC, &OIDC{})
			config.OIDC = o
			for name, target := range map[string]*string{
				"oidc_provider_arn": &o.ProviderARN, "role_arn": &o.RoleARN, "oidc_token": &o.Token, "oidc_token_file": &o.TokenFile,
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
func (a *account) signIn(t *testing.T, config Configuration, env Env) (who, region string, warnings []Warning, err error) {
	t.Helper()
	region, _, warnings = Region(config.Region, slices.Contains(config.Empty, "region"), env)
	config.Region = region
	found, err := Find(config, env)
	if err != nil {
		return "", "", nil, err
	}
	who, err = a.who(t, found)
	return who, cmp.Or(region, found.Region), append(warnings, found.Warnings...), err
}

var ecsRoleName = regexp.MustCompile(`^(?:the role (\S+) \(session name (\S+)\) assumed with )?the (?:ECS role|profile) "?([\w-]+)"? of `)

func (a *account) who(t *testing.T, found *Result) (string, error) {
	t.Helper()
	match := ecsRoleName.FindStringSubmatch(found.Name)
	if match != nil && strings.HasPrefix(match[3], "ecs") { // no metadata service is available
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

// TestNeverAnotherAccountSilently combines blocks, roles and variables. Where alicloud can sign in, this provider must
// sign in as the same identity in the same region, or return an error or a warning.
func TestNeverAnotherAccountSilently(t *testing.T) {
	t.Parallel()
	blocks := []string{
		"", "access_key=id-b secret_key=secret-b", "access_key=id-a", "secret_key=secret-a", "security_token=token-a",
		"access_key=id-b secret_key=secret-b security_token=token-b", "profile=ak", "profile=ram", "profile=oidc",
		"profile=leftover", "shared_credentials_file=OTHER", "profile=ak shared_credentials_file=OTHER",
		"credentials_uri=URI", "ecs_role_name=ecs-b", "access_key= secret_key=", "profile=", "credentials_uri= region=",
		"assume_role_with_oidc.oidc_provider_arn=p assume_role_with_oidc.role_arn=o assume_role_with_oidc.oidc_token=t",
		"assume_role_with_oidc.oidc_token_file=FILE", "region=r-b",
	}
	roles := []string{"", "assume_role", "assume_role.role_arn=", "assume_role.role_arn=role-b"}
	variables := []string{
		"ALICLOUD_ACCESS_KEY=id-a ALICLOUD_SECRET_KEY=secret-a",
		"ALIBABA_CLOUD_ACCESS_KEY_ID=id-c ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret-c",
		"ALICLOUD_ACCESS_KEY=id-a", "ALICLOUD_SECRET_KEY=secret-a", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=secret-a",
		"ALICLOUD_SECURITY_TOKEN=token-a", "ALIBABA_CLOUD_SECURITY_TOKEN=token-c", "ALIBABACLOUD_SECURITY_TOKEN=token-sts",
		"ALICLOUD_PROFILE=ak", "ALIBABA_CLOUD_PROFILE=ram", "ALICLOUD_PROFILE=sts", "ALIBABACLOUD_PROFILE=ak",
		"ALICLOUD_PROFILE=oidc", "ALICLOUD_PROFILE=missing", "ALICLOUD_PROFILE=ecs-p",
		"ALIBABA_CLOUD_CREDENTIALS_FILE=OTHER", "ALIBABA_CLOUD_CONFIG_FILE=OTHER",
		"ALICLOUD_CREDENTIALS_URI=URI", "ALIBABA_CLOUD_ECS_METADATA=ecs-e",
		"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p ALIBABA_CLOUD_OIDC_TOKEN=t2 ALIBABA_CLOUD_ROLE_ARN=o2",
		"ALIBABA_CLOUD_ROLE_ARN=role-e", "ALICLOUD_ASSUME_ROLE_ARN=role-f", "ALICLOUD_REGION=r-1",
		"ALIBABA_CLOUD_REGION_ID=r-2", "ALIBABA_CLOUD_IGNORE_PROFILE=true",
	}
	a := newAccount(t)
	checked := 0
	for i, first := range variables {
		for _, second := range append(variables[i+1:len(variables):len(variables)], "") {
			for _, block := range blocks {
				for _, role := range roles {
					if second != "" && role != "" && i%4 != 0 { // to save time
						continue
					}
					c := accountCase{block: block + " " + role, variables: first + " " + second}
					config, env := a.input(t, c)
					model := newAlicloudModel(config, env)
					want := model.identity()
					if want == fails {
						continue
					}
					checked++
					who, region, warnings, err := a.signIn(t, config, env)
					if err == nil && len(warnings) == 0 && (who != want || cmp.Or(region, "cn-beijing") != model.region()) {
						t.Errorf("%+v: signs in as %s in %q without a warning, alicloud as %s in %q",
							c, who, region, want, model.region())
					}
				}
			}
		}
	}
	t.Logf("%d combinations", checked)
}
