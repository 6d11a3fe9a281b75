package signin

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

func TestStaticKeys(t *testing.T) {
	t.Parallel()
	const (
		id1, secret1, token1 = "ALIBABA_CLOUD_ACCESS_KEY_ID=id1", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=hidden1", "ALIBABA_CLOUD_SECURITY_TOKEN=token1"
		id2, secret2, token2 = "ALICLOUD_ACCESS_KEY=id2", "ALICLOUD_SECRET_KEY=hidden2", "ALICLOUD_SECURITY_TOKEN=token2"
	)
	keys := func(id, secret, token string) paiclient.Credentials {
		return paiclient.Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token}
	}
	tests := map[string]struct {
		variables []string
		want      paiclient.Credentials
		err       []string
	}{
		"first family":                      {variables: []string{id1, secret1}, want: keys("id1", "hidden1", "")},
		"first family with token":           {variables: []string{id1, secret1, token1}, want: keys("id1", "hidden1", "token1")},
		"second family":                     {variables: []string{id2, secret2}, want: keys("id2", "hidden2", "")},
		"second family with token":          {variables: []string{id2, secret2, token2}, want: keys("id2", "hidden2", "token2")},
		"both":                              {variables: []string{id1, secret1, token1, id2, secret2, token2}, want: keys("id1", "hidden1", "token1")},
		"first, stale token of the second":  {variables: []string{id1, secret1, token2}, want: keys("id1", "hidden1", "")},
		"second, stale token of the first":  {variables: []string{id2, secret2, token1}, want: keys("id2", "hidden2", "")},
		"line ends":                         {variables: []string{id1 + "\n", secret1 + "\r\n", token1 + "\n"}, want: keys("id1", "hidden1", "token1")},
		"empty is unset":                    {variables: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=", "ALIBABA_CLOUD_ACCESS_KEY_SECRET= \n", id2, secret2}, want: keys("id2", "hidden2", "")},
		"empty token":                       {variables: []string{id1, secret1, "ALIBABA_CLOUD_SECURITY_TOKEN=\n"}, want: keys("id1", "hidden1", "")},
		"before every other way":            {variables: []string{id2, secret2, "ALIBABA_CLOUD_OIDC_TOKEN=x", "ALIBABA_CLOUD_PROFILE=x", "ALIBABA_CLOUD_CREDENTIALS_URI=x", "ALIBABA_CLOUD_ECS_METADATA=x"}, want: keys("id2", "hidden2", "")},
		"id alone":                          {variables: []string{id1}, err: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID is set and ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"}},
		"secret alone":                      {variables: []string{secret1}, err: []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET is set and ALIBABA_CLOUD_ACCESS_KEY_ID is not"}},
		"id alone in the second":            {variables: []string{id2}, err: []string{"ALICLOUD_ACCESS_KEY is set and ALICLOUD_SECRET_KEY is not"}},
		"secret alone in the second":        {variables: []string{secret2}, err: []string{"ALICLOUD_SECRET_KEY is set and ALICLOUD_ACCESS_KEY is not"}},
		"halves of two families":            {variables: []string{id1, secret2}, err: []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"}},
		"a half, then a whole":              {variables: []string{id1, id2, secret2}, err: []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET is not"}},
		"a half is no reason to try others": {variables: []string{secret1, "ALIBABA_CLOUD_ECS_METADATA=x"}, err: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID is not"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := signIn(t, around(t, test.variables...))
			if test.err != nil {
				checkError(t, err, test.err...)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("credentials (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrderOfWays sets a way with all that come after it, and looks at which one is asked.
func TestOrderOfWays(t *testing.T) {
	t.Parallel()
	sts, _ := serveSTS(t)
	sidecar, _ := serve(t, http.StatusOK, session("sidecar", time.Hour))
	home := t.TempDir()
	const ini = "[default]\ntype = access_key\naccess_key_id = sdk\naccess_key_secret = key\n[named]\ntype = access_key\naccess_key_id = sdk-named\naccess_key_secret = key\n"
	const config = `{"current": "a", "profiles": [{"name": "a", "mode": "AK", "access_key_id": "cli", "access_key_secret": "key"},
		{"name": "named", "mode": "AK", "access_key_id": "cli-named", "access_key_secret": "key"}]}`
	write(t, home, cliConfig, config)
	write(t, home, sdkCredentials, ini)
	other := t.TempDir()

	order := []struct {
		want      string
		variables []string
	}{
		{"keys", []string{"ALICLOUD_ACCESS_KEY=keys", "ALICLOUD_SECRET_KEY=key"}},
		{"STS.acs:ram::1:role/ci", []string{
			"ALIBABA_CLOUD_OIDC_TOKEN=t", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN=acs:ram::1:role/ci", "ALIBABA_CLOUD_STS_ENDPOINT=" + sts,
		}},
		{"named-file", []string{"ALIBABA_CLOUD_CREDENTIALS_FILE=" + write(t, other, "sdk", "[default]\ntype=access_key\naccess_key_id=named-file\naccess_key_secret=key\n[named]\ntype=access_key\naccess_key_id=named-file\naccess_key_secret=key")}},
		{"cli-named", []string{"ALICLOUD_PROFILE=named"}},
		{"STS.sidecar", []string{"ALICLOUD_CREDENTIALS_URI=" + sidecar}},
		{"the ECS instance's role r", []string{"ALICLOUD_ECS_ROLE_NAME=r"}},
		{"cli", nil},
	}
	for i, first := range order {
		t.Run(first.want, func(t *testing.T) {
			t.Parallel()
			variables := []string{"ALIBABA_CLOUD_SECURITY_TOKEN=stale"}
			for _, way := range order[i:] {
				variables = append(variables, way.variables...)
			}
			surroundings := around(t, variables...)
			surroundings.Home = home
			made, err := Find(surroundings)
			if err != nil {
				t.Fatal(err)
			}
			if way, ok := made.(*source); ok && i == 5 { // the instance is not asked here
				if got := way.name; got != first.want+", which ALICLOUD_ECS_ROLE_NAME names" {
					t.Errorf("the way is %q", got)
				}
				return
			}
			got, err := made.Credentials(t.Context())
			if err != nil || got.AccessKeyID != first.want {
				t.Errorf("signed in as %q (%v), want %q", got.AccessKeyID, err, first.want)
			}
		})
	}
}

func TestNothingSetAndMetadataDisabled(t *testing.T) {
	t.Parallel()
	// Every place, and how to set one.
	places := []string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_OIDC_TOKEN", "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
		"ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE", "ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE",
		"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI",
		"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret_key", "aliyun configure",
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED",
	}
	surroundings := around(t, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=True\n")
	_, err := signIn(t, surroundings)
	checkError(t, err, append(places, surroundings.Home+"/.aliyun/config.json", surroundings.Home+"/.alibabacloud/credentials")...)

	surroundings.Home = ""
	_, err = signIn(t, surroundings)
	checkError(t, err, append(places, "no home directory")...)

	_, err = signIn(t, around(t, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true", "ALIBABA_CLOUD_ECS_METADATA=my-role"))
	checkError(t, err, "ALIBABA_CLOUD_ECS_METADATA names a role", "ALIBABA_CLOUD_ECS_METADATA_DISABLED")
}

// TestNoHome goes to a working directory that looks like a home: it must not be taken for one.
func TestNoHome(t *testing.T) {
	home := t.TempDir()
	write(t, home, cliConfig, `{"current": "a", "profiles": [{"name": "a", "mode": "AK", "access_key_id": "trap", "access_key_secret": "key"}]}`)
	t.Chdir(home)
	surroundings := around(t, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=true")
	surroundings.Home = ""
	got, err := signIn(t, surroundings)
	checkError(t, err, "no home directory")
	if got.AccessKeyID != "" {
		t.Errorf("signed in as %q, out of the working directory", got.AccessKeyID)
	}
}
