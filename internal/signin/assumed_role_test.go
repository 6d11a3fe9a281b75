package signin

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRoleOnEachWay assumes the block's role, and the environment's, with whatever signs in.
func TestRoleOnEachWay(t *testing.T) {
	t.Parallel()
	for _, way := range candidates(t) {
		for _, role := range []string{"ALIBABA_CLOUD_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN", "role_arn", "no role_arn"} {
			t.Run(way.name+" "+role, func(t *testing.T) {
				t.Parallel()
				if way.id == "" {
					t.Skip("the instance is not asked here")
				}
				sts := serveSTS(t)
				variables := append(slices.Clone(way.variables), "ALICLOUD_ASSUME_ROLE_SESSION_NAME=mine\n")
				config := way.configuration()
				config.STSEndpoint = sts.host
				top := ""
				switch role {
				case "role_arn":
					arn := "top"
					config.AssumeRole, top = &AssumeRole{RoleARN: &arn}, arn
					variables = append(variables, "ALICLOUD_ASSUME_ROLE_ARN=decoy")
				case "no role_arn":
					config.AssumeRole = &AssumeRole{RoleARN: new(string)}
					variables = append(variables, "ALICLOUD_ASSUME_ROLE_ARN=decoy")
				default:
					if way.name == "OIDC" && role == "ALIBABA_CLOUD_ROLE_ARN" {
						break // it is that of OIDC
					}
					variables = append(variables, role+"=top")
					if way.variables != nil { // the environment's role is for the environment's ways
						top = "top"
					}
				}
				surroundings := around(t, variables...)
				for name, content := range way.files {
					write(t, surroundings.Home, name, content)
				}
				got, err := signInWith(t, config, surroundings)
				if err != nil {
					t.Fatal(err)
				}
				want := "STS." + top
				if top == "" {
					want = way.id
				}
				if got.AccessKeyID != want {
					t.Errorf("signed in as %q, want %q", got.AccessKeyID, want)
				}
				sent := slices.DeleteFunc(sts.sent("RoleArn", "AccessKeyId", "RoleSessionName"), func(line string) bool { return line[:3] != "top" })
				if (len(sent) == 1) != (top != "") || top != "" && sent[0] != "top|"+way.id+"|mine" {
					t.Errorf("assumed %v", sent)
				}
			})
		}
	}
}

// TestRoleOfTheBlock looks at which role is assumed, and what is sent for it.
func TestRoleOfTheBlock(t *testing.T) {
	t.Parallel()
	arn := func(text string) *string { return &text }
	keys := []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET=hidden"}
	oidc := []string{"ALIBABA_CLOUD_OIDC_TOKEN=t", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN=of-oidc"}
	configured := Configuration{AccessKey: "id", SecretKey: "hidden"}
	for name, test := range map[string]struct {
		config    Configuration
		block     *AssumeRole
		variables []string
		want      string // what STS is sent at last; empty: nothing
		err       string // on assume_role.role_arn
	}{
		"everything": {
			Configuration{}, &AssumeRole{arn("r"), "s", "{}", "e", 900}, append(keys, "ALIBABA_CLOUD_ROLE_SESSION_NAME=decoy"), "r|s|{}|e|900|id", "",
		},
		"the least":                       {Configuration{}, &AssumeRole{RoleARN: arn("r")}, keys, "r|terraform-provider-pai|||3600|id", ""},
		"session of the environment":      {configured, &AssumeRole{RoleARN: arn("r")}, []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME=mine"}, "r|mine|||3600|id", ""},
		"role of the environment":         {Configuration{}, nil, append(keys, "ALIBABA_CLOUD_ROLE_ARN=r", "ALICLOUD_ASSUME_ROLE_ARN=decoy"), "r|terraform-provider-pai|||3600|id", ""},
		"completed by the environment":    {Configuration{}, &AssumeRole{nil, "s", "{}", "e", 900}, append(keys, "ALICLOUD_ASSUME_ROLE_ARN=r"), "r|s|{}|e|900|id", ""},
		"no role":                         {Configuration{}, &AssumeRole{RoleARN: arn("")}, append(keys, "ALIBABA_CLOUD_ROLE_ARN=decoy"), "", ""},
		"no role, with more":              {configured, &AssumeRole{arn(""), "s", "{}", "e", 1}, nil, "", ""},
		"missing":                         {configured, &AssumeRole{SessionName: "s"}, nil, "", "no environment variable ALIBABA_CLOUD_ROLE_ARN or ALICLOUD_ASSUME_ROLE_ARN"},
		"missing, keys of the variables":  {Configuration{}, &AssumeRole{}, keys, "", "no environment variable ALIBABA_CLOUD_ROLE_ARN or ALICLOUD_ASSUME_ROLE_ARN"},
		"not of the environment":          {configured, &AssumeRole{}, []string{"ALICLOUD_ASSUME_ROLE_ARN=r"}, "", "ALICLOUD_ASSUME_ROLE_ARN is only for sign-in from the environment"},
		"OIDC's":                          {Configuration{}, &AssumeRole{}, oidc, "", "ALIBABA_CLOUD_ROLE_ARN in the environment is the role of OIDC"},
		"on OIDC":                         {Configuration{}, nil, append(oidc, "ALICLOUD_ASSUME_ROLE_ARN=top"), "top|terraform-provider-pai|||3600|STS.of-oidc", ""},
		"OIDC's, keys before it":          {Configuration{}, nil, append(keys, oidc...), "", ""},
		"OIDC's, of a file, keys":         {Configuration{}, nil, append(keys, "ALIBABA_CLOUD_OIDC_TOKEN_FILE=f", "ALIBABA_CLOUD_ROLE_ARN=decoy"), "", ""},
		"the other, keys before OIDC":     {Configuration{}, nil, append(append(keys, oidc...), "ALICLOUD_ASSUME_ROLE_ARN=r"), "r|terraform-provider-pai|||3600|id", ""},
		"no token, keys before provider":  {Configuration{}, nil, append(keys, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN=r"), "r|terraform-provider-pai|||3600|id", ""},
		"empty variables are not set":     {Configuration{}, nil, append(keys, "ALIBABA_CLOUD_ROLE_ARN= \n"), "", ""},
		"OIDC of the block, on the block": {Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "below", Token: "t"}}, &AssumeRole{RoleARN: arn("top")}, oidc, "top|terraform-provider-pai|||3600|STS.below", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sts := serveSTS(t)
			test.config.AssumeRole, test.config.STSEndpoint = test.block, sts.host
			got, err := signInWith(t, test.config, around(t, test.variables...))
			if test.err != "" {
				checkArgument(t, err, "assume_role.role_arn", test.err, "set role_arn")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			sent := sts.sent("RoleArn", "RoleSessionName", "Policy", "ExternalId", "DurationSeconds", "AccessKeyId")
			if test.want == "" {
				if len(sent) > 0 || got.AccessKeyID != "id" {
					t.Errorf("signed in as %q, assumed %v, want no role", got.AccessKeyID, sent)
				}
				return
			}
			if diff := cmp.Diff(test.want, sent[len(sent)-1]); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
		})
	}
	short := configured
	short.AssumeRole = &AssumeRole{RoleARN: arn("r"), SessionExpiration: 899}
	_, err := signInWith(t, short, around(t))
	checkArgument(t, err, "assume_role.session_expiration", "899", "900")
}

// TestRoleOnTheInstance needs the metadata's address for itself.
func TestRoleOnTheInstance(t *testing.T) { //nolint:paralleltest // see above
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := "attached"
		if r.URL.Path != metadataPath {
			body = session("instance", time.Hour)
		}
		_, _ = w.Write([]byte(body))
	})
	metadata.Store(&answer)
	t.Cleanup(func() { metadata.Store(nil) })
	arn := "r"
	for name, test := range map[string]struct { //nolint:paralleltest // see above
		config    Configuration
		variables []string
		want      string
	}{
		"configured":                 {Configuration{ECSRoleName: "x", AssumeRole: &AssumeRole{RoleARN: &arn}}, nil, "STS.r"},
		"named":                      {Configuration{}, []string{"ALICLOUD_ECS_ROLE_NAME=x", "ALIBABA_CLOUD_ROLE_ARN=r"}, "STS.r"},
		"own":                        {Configuration{AssumeRole: &AssumeRole{RoleARN: &arn}}, nil, "STS.r"},
		"own, not the environment's": {Configuration{}, []string{"ALIBABA_CLOUD_ROLE_ARN=decoy"}, "STS.instance"},
	} {
		t.Run(name, func(t *testing.T) {
			sts := serveSTS(t)
			test.config.STSEndpoint = sts.host
			got, err := signInWith(t, test.config, around(t, test.variables...))
			if err != nil || got.AccessKeyID != test.want {
				t.Errorf("signed in as %q (%v), want %q", got.AccessKeyID, err, test.want)
			}
			if sent := sts.sent("AccessKeyId", "SecurityToken"); len(sent) > 0 && sent[0] != "STS.instance|token of instance" {
				t.Errorf("assumed with %v", sent)
			}
		})
	}
}
