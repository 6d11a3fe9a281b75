package signin

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const roleARN = "acs:ram::1:role/ci"

func TestOIDC(t *testing.T) {
	t.Parallel()
	file := write(t, t.TempDir(), "token", "file-token\n")
	complete := []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=acs:ram::1:oidc-provider/p\n", "ALIBABA_CLOUD_ROLE_ARN=" + roleARN + "\n"}
	tests := map[string]struct {
		variables      []string
		token, session string
		err            []string
	}{
		"token":                   {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=the-token\n"}, complete...), "the-token", "terraform-provider-pai", nil},
		"file":                    {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file}, complete...), "file-token", "terraform-provider-pai", nil},
		"token and file":          {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=the-token", "ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file}, complete...), "the-token", "terraform-provider-pai", nil},
		"session":                 {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=x", "ALIBABA_CLOUD_ROLE_SESSION_NAME=mine"}, complete...), "x", "mine", nil},
		"session of alicloud":     {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN=x", "ALICLOUD_ASSUME_ROLE_SESSION_NAME=mine"}, complete...), "x", "mine", nil},
		"no role":                 {[]string{"ALIBABA_CLOUD_OIDC_TOKEN=hidden", complete[0]}, "", "", []string{"ALIBABA_CLOUD_ROLE_ARN"}},
		"no provider":             {[]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file, complete[1]}, "", "", []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}},
		"no token":                {complete, "", "", []string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN is set", oidcTokenFile}},
		"no such file":            {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + file + "x"}, complete...), "", "", []string{file + "x", "can't be read"}},
		"empty file":              {append([]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + write(t, t.TempDir(), "empty", " \n")}, complete...), "", "", []string{"is empty"}},
		"a role alone is no OIDC": {[]string{complete[1], metadataDisabled + "=true"}, "", "", []string{"nothing is set"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts, latest := serveSTS(t)
			got, err := signIn(t, around(t, append(test.variables, "STS_ENDPOINT="+sts)...))
			if test.err != nil {
				checkError(t, err, test.err...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got != sessionOf(roleARN) {
				t.Errorf("signed in as %v", got)
			}
			sent := map[string]string{}
			for _, name := range []string{"Action", "OIDCToken", "OIDCProviderArn", "RoleArn", "RoleSessionName", "Policy"} {
				sent[name] = latest.Load().Get(name)
			}
			if diff := cmp.Diff(map[string]string{
				"Action": "AssumeRoleWithOIDC", "OIDCToken": test.token, "OIDCProviderArn": "acs:ram::1:oidc-provider/p",
				"RoleArn": roleARN, "RoleSessionName": test.session, "Policy": "",
			}, sent); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOIDCTokenIsReadAgain: Kubernetes puts a new token into the file before the old one runs out.
func TestOIDCTokenIsReadAgain(t *testing.T) {
	t.Parallel()
	sts, latest := serveSTS(t)
	directory := t.TempDir()
	file := write(t, directory, "token", "first")
	made, err := Find(around(t, "STS_ENDPOINT="+sts, "ALIBABA_CLOUD_OIDC_TOKEN_FILE="+file,
		"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN="+roleARN))
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"first", "second"} {
		write(t, directory, filepath.Base(file), token+"\n")
		if _, err := made.Credentials(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := latest.Load().Get("OIDCToken"); got != token {
			t.Errorf("sent the token %q, want %q", got, token)
		}
	}
}

func TestSTSRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   []string
	}{
		"error": {
			http.StatusBadRequest, `{"RequestId":"7A-8B","Code":"AuthenticationFail.OIDCToken.Expired","Message":"token hidden"}`,
			[]string{"get session token failed", "code AuthenticationFail.OIDCToken.Expired", "request id 7A-8B"},
		},
		"a proxy's page":     {http.StatusBadGateway, "hidden", []string{"get session token failed"}},
		"lacking expiration": {http.StatusOK, `{"Credentials":{"AccessKeyId":"x","AccessKeySecret":"hidden","SecurityToken":"hidden"}}`, []string{"incomplete"}},
		"lacking all":        {http.StatusOK, `{}`, []string{"fail to get credentials"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = fmt.Fprint(w, test.body)
			}))
			t.Cleanup(server.Close)
			_, err := signIn(t, around(t, "STS_ENDPOINT="+strings.TrimPrefix(server.URL, "https://"), "ALIBABA_CLOUD_OIDC_TOKEN=hidden",
				"ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN="+roleARN))
			checkError(t, err, append(test.want, "OIDC as "+roleARN, "trust policy")...)
		})
	}
}

// TestRolesOfProfiles looks at what STS is asked for the profiles that assume a role.
func TestRolesOfProfiles(t *testing.T) {
	t.Parallel()
	file := write(t, t.TempDir(), "token", "file-token\n")
	config := `{"profiles": [
		{"name": "keys", "mode": "RamRoleArn", "access_key_id": "my-id", "access_key_secret": "k", "ram_role_arn": "role-1", "ram_session_name": "mine",
			"policy": "{}", "external_id": "e", "expired_seconds": 900},
		{"name": "plain", "mode": "RamRoleArn", "access_key_id": "my-id", "access_key_secret": "k", "ram_role_arn": "role-1"},
		{"name": "token", "mode": "StsToken", "access_key_id": "STS.id", "access_key_secret": "k", "sts_token": "t"},
		{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "token", "ram_role_arn": "role-2"},
		{"name": "chain of chain", "mode": "ChainableRamRoleArn", "source_profile": "keys", "ram_role_arn": "role-3"},
		{"name": "oidc", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token_file": "` + file + `", "ram_role_arn": "role-4"}]}`
	for name, want := range map[string]string{
		"keys":           "AssumeRole|role-1|mine|{}|e|900|my-id||",
		"plain":          "AssumeRole|role-1|terraform-provider-pai|||3600|my-id||",
		"chain":          "AssumeRole|role-2|terraform-provider-pai|||3600|STS.id|t|",
		"chain of chain": "AssumeRole|role-3|terraform-provider-pai|||3600|STS.role-1|token of role-1|",
		"oidc":           "AssumeRoleWithOIDC|role-4|terraform-provider-pai|||3600|||file-token",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts, latest := serveSTS(t)
			surroundings := around(t, "ALIBABA_CLOUD_PROFILE="+name, "ALIBABA_CLOUD_STS_ENDPOINT="+sts)
			write(t, surroundings.Home, cliConfig, config)
			got, err := signIn(t, surroundings)
			if err != nil {
				t.Fatal(err)
			}
			var sent []string
			for _, field := range []string{
				"Action", "RoleArn", "RoleSessionName", "Policy", "ExternalId", "DurationSeconds", "AccessKeyId", "SecurityToken", "OIDCToken",
			} {
				sent = append(sent, latest.Load().Get(field))
			}
			if diff := cmp.Diff(want, strings.Join(sent, "|")); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			if got != sessionOf(latest.Load().Get("RoleArn")) {
				t.Errorf("signed in as %v", got)
			}
		})
	}
}

func TestSTSEndpoint(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		region, variable string
		vpc              bool
		want             string
	}{
		{"", "", false, "sts.aliyuncs.com"},
		{"", "", true, "sts.aliyuncs.com"}, // there is no central one inside a VPC
		{"cn-hangzhou", "", false, "sts.cn-hangzhou.aliyuncs.com"},
		{"cn-hangzhou", "", true, "sts-vpc.cn-hangzhou.aliyuncs.com"},
		{"cn-hangzhou", "ALIBABA_CLOUD_ENDPOINT_STS", true, "sts.example.com"},
		{"", "ALIBABA_CLOUD_STS_ENDPOINT", false, "sts.example.com"},
		{"", "ALICLOUD_STS_ENDPOINT", false, "sts.example.com"},
		{"", "STS_ENDPOINT", false, "sts.example.com"},
	} {
		if got := around(t, test.variable+"=sts.example.com").role(role{}, test.region, test.vpc).endpoint; got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}
