package signin

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// candidate is a way in one of the layers, with what it takes to be the one that signs in.
type candidate struct {
	name      string
	configure func(*Configuration)
	variables []string
	files     map[string]string // at home
	found     string            // the way's own name begins so
	id        string            // empty: the instance isn't asked here
}

// candidates are all of them, in the order in which they count.
func candidates(t *testing.T) []candidate {
	t.Helper()
	sts := serveSTS(t)
	sidecar := serve(t, http.StatusOK, session("sidecar", time.Hour))
	file := write(t, t.TempDir(), "file", cliProfiles)
	all := []candidate{
		{
			name: "configured keys", found: "the keys of the provider block", id: "configured-id",
			configure: func(c *Configuration) { c.AccessKey, c.SecretKey = "configured-id", "hidden" },
		}, {
			name: "configured OIDC", found: "OIDC as the role configured-role", id: "STS.configured-role",
			configure: func(c *Configuration) {
				c.OIDC = &OIDC{ProviderARN: "p", RoleARN: "configured-role", Token: "hidden"}
				c.STSEndpoint = sts.host
			},
		}, {
			name: "configured profile", found: "the profile session of " + file, id: "STS.session",
			configure: func(c *Configuration) { c.Profile, c.SharedCredentialsFile = "session", file },
		}, {
			name: "configured sidecar", found: "the sidecar of credentials_uri", id: "STS.sidecar",
			configure: func(c *Configuration) { c.CredentialsURI = sidecar },
		}, {
			name: "configured instance", found: "the ECS instance's role configured, which ecs_role_name names",
			configure: func(c *Configuration) { c.ECSRoleName = "configured" },
		}, {
			name: "keys", found: "the keys of ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY", id: "id",
			variables: []string{"ALICLOUD_ACCESS_KEY=id", "ALICLOUD_SECRET_KEY=hidden"},
		}, {
			name: "OIDC", found: "OIDC as the role of-oidc", id: "STS.of-oidc",
			variables: []string{
				"ALIBABA_CLOUD_OIDC_TOKEN=hidden", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=p", "ALIBABA_CLOUD_ROLE_ARN=of-oidc", "STS_ENDPOINT=" + sts.host,
			},
		}, {
			name: "profile", found: "the profile main of " + file, id: "main-id",
			variables: []string{"ALIBABA_CLOUD_CREDENTIALS_FILE=" + file},
		}, {
			name: "sidecar", found: "the sidecar that ALICLOUD_CREDENTIALS_URI names", id: "STS.sidecar",
			variables: []string{"ALICLOUD_CREDENTIALS_URI=" + sidecar},
		}, {
			name: "named instance", found: "the ECS instance's role named, which ALICLOUD_ECS_ROLE_NAME names",
			variables: []string{"ALICLOUD_ECS_ROLE_NAME=named"},
		}, {
			name: "CLI", found: "the profile home of ", id: "home-id", files: map[string]string{
				cliConfig: `{"current": "home", "profiles": [{"name": "home", "mode": "AK", "access_key_id": "home-id", "access_key_secret": "hidden"}]}`,
			},
		}, {
			name: "SDK", found: "the profile default of ", id: "default-id", files: map[string]string{sdkCredentials: sdkSections},
		}, {
			name: "instance", found: "the role of the ECS instance that this runs on",
		},
	}
	return all
}

func (c candidate) configuration() (config Configuration) {
	if c.configure != nil {
		c.configure(&config)
	}
	return config
}

// TestPairsOfWays sets each two ways, of all layers: the one that comes first signs in, but two ways in the provider
// block are an error.
func TestPairsOfWays(t *testing.T) {
	t.Parallel()
	all := candidates(t)
	conflicts := []string{"access_key", "assume_role_with_oidc", "profile", "credentials_uri", "ecs_role_name"}
	for i, first := range all {
		for j, second := range all[i:] {
			t.Run(first.name+" and "+second.name, func(t *testing.T) {
				t.Parallel()
				surroundings := around(t, slices.Concat(first.variables, second.variables, []string{"ALIBABA_CLOUD_SECURITY_TOKEN=decoy"})...)
				for _, one := range []candidate{first, second} {
					for name, content := range one.files {
						write(t, surroundings.Home, name, content)
					}
				}
				config := first.configuration()
				if second.configure != nil && j > 0 {
					second.configure(&config)
				}
				if first.configure != nil && second.configure != nil && j > 0 {
					_, err := signInWith(t, config, surroundings)
					checkArgument(t, err, conflicts[i+j], conflicts[i]+" and "+conflicts[i+j]+" are two ways")
					return
				}
				if got := find(t, config, surroundings).Way; !strings.HasPrefix(got, first.found) {
					t.Errorf("the way is %q, want %q", got, first.found)
				}
				if first.id == "" {
					return
				}
				if got, err := signInWith(t, config, surroundings); err != nil || got.AccessKeyID != first.id {
					t.Errorf("signed in as %q (%v), want %q", got.AccessKeyID, err, first.id)
				}
			})
		}
	}
}

// TestWays holds the order of ways and layers, and what names them, for the documents.
func TestWays(t *testing.T) {
	t.Parallel()
	var got []string
	for _, way := range Ways {
		got = append(got, fmt.Sprintf("%s: %s; %s", way.Name, strings.Join(way.Arguments, " "), strings.Join(way.Environment, " ")))
	}
	for _, layer := range Layers {
		got = append(got, layer.Name+" "+layer.File)
	}
	want := []string{
		"static keys: access_key secret_key security_token; " +
			"ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET ALICLOUD_ACCESS_KEY ALICLOUD_SECRET_KEY",
		"OIDC: assume_role_with_oidc; ALIBABA_CLOUD_OIDC_TOKEN ALIBABA_CLOUD_OIDC_TOKEN_FILE ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
		"profile: profile shared_credentials_file; ALIBABA_CLOUD_PROFILE ALICLOUD_PROFILE " +
			"ALIBABA_CLOUD_CONFIG_FILE ALIBABA_CLOUD_CREDENTIALS_FILE ALICLOUD_SHARED_CREDENTIALS_FILE",
		"sidecar: credentials_uri; ALIBABA_CLOUD_CREDENTIALS_URI ALICLOUD_CREDENTIALS_URI",
		"ECS role: ecs_role_name; ALIBABA_CLOUD_ECS_METADATA ALICLOUD_ECS_ROLE_NAME",
		"the provider block ",
		"the environment ",
		"the current profile of the Alibaba Cloud CLI " + cliConfig,
		"the default profile of the SDKs " + sdkCredentials,
		"the role of the ECS instance that this runs on ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ways and layers (-want +got):\n%s", diff)
	}
}
