package signin

import (
	"strings"
	"testing"
)

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
	if text := err.Error(); strings.Index(text, "Set access_key") > strings.Index(text, "ALIBABA_CLOUD_OIDC_TOKEN") {
		t.Errorf("what to do is said after where was looked: %s", text)
	}
	checkError(t, err, append(places, surroundings.Home+"/.aliyun/config.json isn't there", surroundings.Home+"/.alibabacloud/credentials isn't there")...)

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
