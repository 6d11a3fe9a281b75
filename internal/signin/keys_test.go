package signin

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

func TestKeysOfBlock(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "hidden-token"} {
		config := Configuration{AccessKey: "id", SecretKey: "hidden", SecurityToken: token}
		got, err := fetch(t, config, newDecoyEnv(t))
		checkCredentials(
			t, got, err, paiclient.Credentials{AccessKeyID: "id", AccessKeySecret: "hidden", SecurityToken: token},
		)
	}
}

func TestKeysOfEnvironment(t *testing.T) {
	t.Parallel()
	const (
		id1, secret1 = "ALIBABA_CLOUD_ACCESS_KEY_ID=id1", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=hidden1"
		id2, secret2 = "ALICLOUD_ACCESS_KEY=id2", "ALICLOUD_SECRET_KEY=hidden2"
		token1       = "ALIBABA_CLOUD_SECURITY_TOKEN=token1"
		token2       = "ALICLOUD_SECURITY_TOKEN=token2"
	)
	keys := func(id, secret, token string) paiclient.Credentials {
		return paiclient.Credentials{AccessKeyID: id, AccessKeySecret: secret, SecurityToken: token}
	}
	for name, test := range map[string]struct {
		variables []string
		want      paiclient.Credentials
		missing   string // the variable that the error names as unset
	}{
		"first family": {variables: []string{id1, secret1}, want: keys("id1", "hidden1", "")},
		"first family with token": {
			variables: []string{id1, secret1, token1}, want: keys("id1", "hidden1", "token1"),
		},
		"second family": {variables: []string{id2, secret2}, want: keys("id2", "hidden2", "")},
		"second family with token": {
			variables: []string{id2, secret2, token2}, want: keys("id2", "hidden2", "token2"),
		},
		"first, stale token of the second": {variables: []string{id1, secret1, token2}, want: keys("id1", "hidden1", "")},
		"second, stale token of the first": {variables: []string{id2, secret2, token1}, want: keys("id2", "hidden2", "")},
		"both families": {
			variables: []string{id1, secret1, token1, id2, secret2, token2}, want: keys("id2", "hidden2", "token2"),
		},
		"newlines": {
			variables: []string{id1 + "\n", secret1 + "\r\n", token1 + "\n"}, want: keys("id1", "hidden1", "token1"),
		},
		"empty variables are unset": {
			variables: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=", "ALIBABA_CLOUD_ACCESS_KEY_SECRET= \n", id2, secret2},
			want:      keys("id2", "hidden2", ""),
		},
		"empty token": {
			variables: []string{id1, secret1, "ALIBABA_CLOUD_SECURITY_TOKEN=\n"}, want: keys("id1", "hidden1", ""),
		},
		"before every other source": {
			variables: []string{
				id2, secret2, "ALIBABA_CLOUD_OIDC_TOKEN=x", "ALIBABA_CLOUD_PROFILE=x", "ALIBABA_CLOUD_CREDENTIALS_URI=x",
				"ALIBABA_CLOUD_ECS_METADATA=x",
			},
			want: keys("id2", "hidden2", ""),
		},
		"only the id":             {variables: []string{id1}, missing: "ALIBABA_CLOUD_ACCESS_KEY_SECRET"},
		"only the secret":         {variables: []string{secret1}, missing: "ALIBABA_CLOUD_ACCESS_KEY_ID"},
		"only the second id":      {variables: []string{id2}, missing: "ALICLOUD_SECRET_KEY"},
		"only the second secret":  {variables: []string{secret2}, missing: "ALICLOUD_ACCESS_KEY"},
		"halves of both families": {variables: []string{id1, secret2}, missing: "ALICLOUD_ACCESS_KEY"},
		"half, and the second":    {variables: []string{id1, id2, secret2}, missing: "ALIBABA_CLOUD_ACCESS_KEY_SECRET"},
		"half, and another source": {
			variables: []string{secret1, "ALIBABA_CLOUD_ECS_METADATA=x"}, missing: "ALIBABA_CLOUD_ACCESS_KEY_ID",
		},
		"half the second, and OIDC": {variables: []string{id2, "ALIBABA_CLOUD_OIDC_TOKEN=x"}, missing: "ALICLOUD_SECRET_KEY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := fetch(t, Configuration{}, newEnv(t, test.variables...))
			if test.missing != "" {
				checkError(t, err, "is set and "+test.missing+" is not")
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
