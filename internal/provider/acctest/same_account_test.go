package acctest

import (
	"slices"
	"strings"
	"testing"
)

// TestAccSameAccount checks who signs where the alicloud provider would use other credentials or another region, and
// that the CLI shows the warning once for several data sources.
func TestAccSameAccount(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const (
		pair     = `"access_key_id":"` + keyID + `","access_key_secret":"` + keySecret + `"`
		profiles = `{"profiles":[{"name":"dev","mode":"AK",` + pair + `,"region_id":"cn-shanghai"},
			{"name":"role","mode":"RamRoleArn",` + pair + `,"ram_role_arn":"` + planRole + `"}]}`
		other = "decoy"
	)
	keys := []string{"ALICLOUD_ACCESS_KEY=" + keyID, "ALICLOUD_SECRET_KEY=" + keySecret}
	for name, test := range map[string]struct {
		block     string
		variables []string
		region    string // that receives the requests; "" if the plan fails
		shown     []string
	}{
		"two families": {
			`region = "cn-hangzhou"`,
			append(keys, "ALIBABA_CLOUD_ACCESS_KEY_ID="+other, "ALIBABA_CLOUD_ACCESS_KEY_SECRET="+other),
			"cn-hangzhou",
			[]string{"Warning: Environment variables differ", "ALIBABA_CLOUD_ACCESS_KEY_ID"},
		},
		"profile beside keys": {
			`profile = "dev"`,
			[]string{"ALICLOUD_ACCESS_KEY=" + other, "ALICLOUD_SECRET_KEY=" + other},
			"cn-shanghai",
			[]string{"Warning: alicloud uses other credentials", "ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY"},
		},
		"region of a profile beside keys": {"", append(keys, "ALICLOUD_PROFILE=dev"), "cn-shanghai", nil},
		"region of the CLI's variable": {
			"", append(keys, "ALIBABA_CLOUD_REGION_ID=cn-shanghai"),
			"cn-shanghai",
			[]string{"Warning: alicloud uses another region", "ALIBABA_CLOUD_REGION_ID"},
		},
		"role beside keys": {
			`profile = "role"`, keys, "", []string{"Error: Cannot find credentials", "ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			c.write(t, ".aliyun/config.json", profiles)
			dir := c.newWorkingDir(t, "provider \"pai\" {\n"+test.block+"\n}\n"+allImagesConfig)
			dir.write("more.tf", "data \"pai_images\" \"more\" {\n  count = 3\n}\n")
			dir.env = slices.Concat(c.env, test.variables)
			code := 2
			if test.region == "" {
				code = 1
			}
			output := strings.Join(strings.Fields(dir.plan(code)), " ") // removes the CLI's line breaks
			wantOutput(t, output, test.shown...)
			if got := strings.Count(output, "Warning: "); test.region != "" && got != min(len(test.shown), 1) {
				t.Errorf("%d warnings, want %d: %s", got, min(len(test.shown), 1), output)
			}
			for _, request := range c.proxy.Requests() {
				if test.region == "" || !strings.Contains(request.Host, "."+test.region+".") {
					t.Errorf("unexpected request to %s, want only requests to %q", request.Host, test.region)
				}
			}
			if got := len(c.Requests()) > 0; got != (test.region != "") {
				t.Errorf("the API received requests: %t", got)
			}
		})
	}
}
