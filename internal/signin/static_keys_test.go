package signin

import (
	"testing"

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
