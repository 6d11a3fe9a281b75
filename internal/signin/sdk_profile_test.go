package signin

import "testing"

const sdkSections = `
[default]
type = access_key
access_key_id = default-id
access_key_secret = hidden-default
[other]
type = access_key
access_key_id = other-id
access_key_secret = hidden-other
[no secret]
type = access_key
access_key_id = x
access_key_secret =
[role]
type = ram_role_arn
access_key_id = x
access_key_secret = hidden
[instance]
type = ecs_ram_role
[named instance]
type = ecs_ram_role
role_name = x
[odd]
type = teleport
[untyped]
access_key_id = x
[other.child]
type = access_key
access_key_id = child-id
`

func TestSDKProfiles(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		name, content string
		id            string
		err           []string
	}{
		"default":              {"", sdkSections, "default-id", nil},
		"inherits nothing":     {"other.child", sdkSections, "", []string{"[other.child]", "lacks access_key_secret"}},
		"by name":              {"other", sdkSections, "other-id", nil},
		"wrong name":           {"gone", sdkSections, "", []string{"[gone]"}},
		"no secret":            {"no secret", sdkSections, "", []string{"[no secret]", "access_key_secret"}},
		"role without ARN":     {"role", sdkSections, "", []string{"role_arn"}},
		"instance, no name":    {"instance", sdkSections, "", []string{"role_name"}},
		"metadata disabled":    {"named instance", sdkSections, "", []string{metadataDisabled}},
		"unknown type":         {"odd", sdkSections, "", []string{`"teleport"`, "access_key"}},
		"no type":              {"untyped", sdkSections, "", []string{`type ""`}},
		"malformed":            {"", "[default]\naccess_key_secret hidden\n", "", []string{"neither the INI file"}},
		"the CLI's, by itself": {"session", cliProfiles, "STS.session", nil},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			token := ""
			if test.content == cliProfiles {
				token = "hidden-token"
			}
			// At home, and where the environment says.
			surroundings := around(t, "ALIBABA_CLOUD_PROFILE="+test.name, metadataDisabled+"=true")
			file := write(t, surroundings.Home, sdkCredentials, test.content)
			checkSignIn(t, surroundings, test.id, token, test.err)
			for _, variable := range []string{"ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE"} {
				checkSignIn(t, around(t, "ALIBABA_CLOUD_PROFILE="+test.name, metadataDisabled+"=true", variable+"="+file+"\n"), test.id, token, test.err)
			}
		})
	}
}
