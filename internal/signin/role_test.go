package signin

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// TestRoleWithEachSource assumes the role of the block with the credentials of each source. A variable sets the role
// only if the block omits it.
func TestRoleWithEachSource(t *testing.T) {
	t.Parallel()
	for i := range Sources {
		for _, setBy := range []string{
			"no block", "ALIBABA_CLOUD_ROLE_ARN", "ALICLOUD_ASSUME_ROLE_ARN", "role_arn", "empty",
		} {
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{})
			c := sourceCases(t, s, sts)[i]
			if c.isECSRole() { // see TestRoleWithECSRole
				continue
			}
			t.Run(c.name+" "+setBy, func(t *testing.T) {
				t.Parallel()
				variables := append(slices.Clone(c.variables), "ALICLOUD_ASSUME_ROLE_SESSION_NAME=mine\n")
				config := c.configuration()
				config.STSEndpoint = sts.Host()
				assumed, role := "", testRole("top")
				switch setBy {
				case "role_arn":
					config.AssumeRole, assumed = &AssumeRole{RoleARN: &role}, role
					variables = append(variables, "ALICLOUD_ASSUME_ROLE_ARN=decoy")
				case "empty":
					config.AssumeRole = &AssumeRole{RoleARN: new(string)}
					variables = append(variables, "ALICLOUD_ASSUME_ROLE_ARN=decoy")
				case "no block":
					variables = append(variables, "ALICLOUD_ASSUME_ROLE_ARN=decoy")
				default:
					config.AssumeRole, assumed = &AssumeRole{}, role
					if c.name == "OIDC" && setBy == "ALIBABA_CLOUD_ROLE_ARN" {
						assumed = testRole("env") // the variable sets both roles
						break
					}
					variables = append(variables, setBy+"="+role)
				}
				env := newEnv(t, variables...)
				for name, content := range c.files {
					writeFile(t, env.Home, name, content)
				}
				got, err := fetch(t, config, env)
				switch {
				case assumed == "" && c.by != "":
					checkLastSession(t, got, err, s, c.by)
				case assumed == "":
					if err != nil || got.AccessKeyID != c.key {
						t.Errorf("credentials %v, error %v; want %s", got, err, c.key)
					}
				default:
					session := checkLastSession(t, got, err, s, identity.ByAssumeRole)
					base := c.key
					if sessions := s.Sessions(); c.by != "" {
						base = sessions[len(sessions)-2].AccessKeyID
					}
					if session.RoleARN != assumed || session.Name != "mine" || session.Parent != base {
						t.Errorf("session %+v, want the role %s assumed with %s", session, assumed, base)
					}
				}
			})
		}
	}
}

// TestRoleOfBlock checks which role is assumed, and the parameters of the request.
func TestRoleOfBlock(t *testing.T) {
	t.Parallel()
	arn := func(value string) *string { return &value }
	role := testRole("r")
	keys := []string{"ALIBABA_CLOUD_ACCESS_KEY_ID=" + keyID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + keySecret}
	oidc := []string{
		"ALIBABA_CLOUD_OIDC_TOKEN=$token", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=" + testProvider,
		"ALIBABA_CLOUD_ROLE_ARN=" + testRole("oidc"),
	}
	all := &AssumeRole{arn(role), "me", "{}", "external", 900}
	byEnv := &AssumeRole{nil, "me", "{}", "external", 900}
	block := Configuration{AccessKey: keyID, SecretKey: keySecret}
	const (
		short = "|terraform|||3600" // default session name, no policy, no external ID, default seconds
		full  = "|me|{}|external|900"
	)
	for name, test := range map[string]struct {
		config    Configuration
		block     *AssumeRole
		variables []string
		want      string // the last request to STS; "" if none is expected
		base      string // the credentials that the role is assumed with: By of the session, or keyID
		err       string // error about assume_role.role_arn
	}{
		"everything": {
			block: all, variables: append(keys, "ALIBABA_CLOUD_ROLE_SESSION_NAME=decoy"), want: role + full, base: keyID,
		},
		"only role_arn":  {block: &AssumeRole{RoleARN: arn(role)}, variables: keys, want: role + short, base: keyID},
		"empty role_arn": {block: &AssumeRole{RoleARN: arn("")}, variables: append(keys, "ALIBABA_CLOUD_ROLE_ARN=decoy")},
		"empty role_arn and more": {
			config: block, block: &AssumeRole{arn(""), "me", "{}", "external", 900},
		},
		"session name of the environment": {
			config: block, block: &AssumeRole{RoleARN: arn(role)}, variables: []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME=mine"},
			want: role + "|mine|||3600", base: keyID,
		},
		"role of the environment, no block": {
			variables: append(keys, "ALIBABA_CLOUD_ROLE_ARN=decoy", "ALICLOUD_ASSUME_ROLE_ARN=decoy"),
		},
		"role of the environment": {
			block: byEnv, variables: append(keys, "ALIBABA_CLOUD_ROLE_ARN="+role), want: role + full, base: keyID,
		},
		"roles of the environment": {
			block: byEnv, variables: append(keys, "ALIBABA_CLOUD_ROLE_ARN=decoy", "ALICLOUD_ASSUME_ROLE_ARN="+role),
			want: role + full, base: keyID,
		},
		"no role": {
			config: block, block: &AssumeRole{SessionName: "me"},
			err: "ALICLOUD_ASSUME_ROLE_ARN and ALIBABA_CLOUD_ROLE_ARN is set",
		},
		"role of the environment, keys of the block": {
			config: block, block: &AssumeRole{}, variables: []string{"ALICLOUD_ASSUME_ROLE_ARN=" + role},
			want: role + short, base: keyID,
		},
		"seconds of the environment": {
			config: block, block: &AssumeRole{RoleARN: arn(role)},
			variables: []string{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION=1000\n"},
			want:      role + "|terraform|||1000", base: keyID,
		},
		"seconds of the block": {
			block: all, variables: append(keys, "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION=decoy"), want: role + full, base: keyID,
		},
		"session name of two variables": {
			config: block, block: &AssumeRole{RoleARN: arn(role)},
			variables: []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME=decoy", "ALICLOUD_ASSUME_ROLE_SESSION_NAME=mine"},
			want:      role + "|mine|||3600", base: keyID,
		},
		"role on top of OIDC": {
			block: &AssumeRole{}, variables: append(oidc, "ALICLOUD_ASSUME_ROLE_ARN="+role), want: role + short,
			base: identity.ByAssumeRoleWithOIDC,
		},
		"keys before OIDC": {variables: append(keys, oidc...)},
		"empty variable":   {variables: append(keys, "ALIBABA_CLOUD_ROLE_ARN= \n")},
		"role on top of OIDC of the block": {
			config:    Configuration{OIDC: &OIDC{ProviderARN: testProvider, RoleARN: testRole("below"), Token: "$token"}},
			block:     &AssumeRole{RoleARN: arn(role)},
			variables: oidc, want: role + short, base: identity.ByAssumeRoleWithOIDC,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{})
			token := identity.OIDCToken(s, "me", time.Hour)
			env := newEnv(t, slices.Clone(test.variables)...)
			getenv := env.Getenv
			env.Getenv = func(name string) string {
				if value := getenv(name); value != "$token" {
					return value
				}
				return token
			}
			config := test.config
			if config.OIDC != nil {
				config.OIDC.Token = token
			}
			config.AssumeRole, config.STSEndpoint = test.block, sts.Host()
			got, err := fetch(t, config, env)
			if test.err != "" {
				checkArgument(t, err, "assume_role.role_arn", test.err, "set role_arn")
				return
			}
			requests := parametersSent(sts.Requests(), "RoleArn", "RoleSessionName", "Policy", "ExternalId", "DurationSeconds")
			if test.want == "" {
				checkCredentials(t, got, err, paiclient.Credentials{AccessKeyID: keyID, AccessKeySecret: keySecret})
				if len(requests) > 0 {
					t.Errorf("requests to STS: %v, want none", requests)
				}
				return
			}
			session := checkLastSession(t, got, err, s, identity.ByAssumeRole)
			if diff := cmp.Diff(test.want, requests[len(requests)-1]); diff != "" {
				t.Errorf("request (-want +got):\n%s", diff)
			}
			base := keyID
			if sessions := s.Sessions(); test.base != keyID {
				base = sessions[0].AccessKeyID
				if sessions[0].By != test.base {
					t.Errorf("the base %+v was not issued by %s", sessions[0], test.base)
				}
			}
			if session.Parent != base {
				t.Errorf("the role was assumed with %s, want %s", session.Parent, base)
			}
		})
	}
	short899 := block
	short899.AssumeRole = &AssumeRole{RoleARN: arn(role), SessionExpiration: 899}
	_, err := fetch(t, short899, newEnv(t))
	checkArgument(t, err, "assume_role.session_expiration", "899", "900")
	for _, seconds := range []string{"899", "43201", "an hour"} {
		block.AssumeRole = &AssumeRole{RoleARN: arn(role)}
		_, err = fetch(t, block, newEnv(t, "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION="+seconds))
		checkError(t, err, "invalid ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION", "900", "43200")
	}
}

func TestRoleWithECSRole(t *testing.T) { //nolint:paralleltest // the metadata service has a fixed address
	s := startSandbox(t)
	useMetadata(t, s)
	arn := testRole("r")
	for name, test := range map[string]struct { //nolint:paralleltest // as above
		config    Configuration
		variables []string
		want      string // how the session is issued
	}{
		"block": {Configuration{ECSRoleName: "attached", AssumeRole: &AssumeRole{RoleARN: &arn}}, nil, identity.ByAssumeRole},
		"environment": {
			Configuration{AssumeRole: &AssumeRole{}},
			[]string{"ALICLOUD_ECS_ROLE_NAME=attached", "ALIBABA_CLOUD_ROLE_ARN=" + arn},
			identity.ByAssumeRole,
		},
		"attached": {
			Configuration{AssumeRole: &AssumeRole{RoleARN: &arn}}, nil, identity.ByAssumeRole,
		},
		"attached, role of the environment": {Configuration{}, []string{"ALIBABA_CLOUD_ROLE_ARN=decoy"}, identity.ByMetadata},
	} {
		t.Run(name, func(t *testing.T) {
			test.config.STSEndpoint = startSTS(t, s, identity.STSOptions{}).Host()
			got, err := fetch(t, test.config, newEnv(t, test.variables...))
			session := checkLastSession(t, got, err, s, test.want)
			sessions := s.Sessions()
			if test.want == identity.ByAssumeRole && session.Parent != sessions[len(sessions)-2].AccessKeyID {
				t.Errorf("the role was assumed with %s, want the session of the instance", session.Parent)
			}
		})
	}
}

// TestSTSHost checks the host of the STS endpoint. No request is sent, because the host is part of the error.
func TestSTSHost(t *testing.T) {
	t.Parallel()
	const (
		keys     = `"access_key_id": "x", "access_key_secret": "k"`
		keysRole = `"mode": "RamRoleArn", ` + keys + `, "ram_role_arn": "r"`
		profiles = `{"current": "plain", "profiles": [
			{"name": "plain", ` + keysRole + `, "region_id": "own"},
			{"name": "sts", ` + keysRole + `, "region_id": "own", "sts_region": "of-sts"},
			{"name": "vpc", ` + keysRole + `, "sts_region": "of-sts", "enable_vpc": true},
			{"name": "only vpc", ` + keysRole + `, "enable_vpc": true},
			{"name": "keys", "mode": "AK", ` + keys + `, "region_id": "own"},
			{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "plain", "ram_role_arn": "r",
				"region_id": "of-chain"},
			{"name": "OIDC", "mode": "OIDC", "oidc_provider_arn": "p", "oidc_token": "t", "ram_role_arn": "r",
				"sts_region": "of-sts"},
			{"name": "odd", ` + keysRole + `, "sts_region": "x.example.com/"}]}`
	)
	arn := "r"
	block := Configuration{AccessKey: "x", SecretKey: "k", AssumeRole: &AssumeRole{RoleARN: &arn}}
	oidc := Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}}
	profile := func(name string) Configuration { return Configuration{Profile: name} }
	profileRole := Configuration{Profile: "keys", AssumeRole: block.AssumeRole}
	for name, test := range map[string]struct {
		config                    Configuration
		region, network, endpoint string // arguments of the provider block
		variable                  string
		want                      string // the host
		err                       string
	}{
		"no region":      {config: block, want: "sts.aliyuncs.com"},
		"VPC, no region": {config: block, network: paiclient.NetworkVPC, err: "needs a region"},
		"region":         {config: block, region: "cn-hangzhou", want: "sts.cn-hangzhou.aliyuncs.com"},
		"region, public": {
			config: block, region: "cn-hangzhou", network: paiclient.NetworkPublic, want: "sts.cn-hangzhou.aliyuncs.com",
		},
		"region, VPC": {
			config: block, region: "cn-hangzhou", network: paiclient.NetworkVPC, want: "sts-vpc.cn-hangzhou.aliyuncs.com",
		},
		"invalid region":       {config: block, region: "x.example.com/", err: "x.example.com/"},
		"argument, URL":        {config: block, endpoint: "https://sts.example.com/", want: "sts.example.com"},
		"argument, port":       {config: block, endpoint: "sts.example.com:8443", want: "sts.example.com:8443"},
		"argument, plain HTTP": {config: block, endpoint: "http://127.0.0.1:80", err: "sts_endpoint"},
		"argument, path":       {config: block, endpoint: "sts.example.com/v1", err: "sts_endpoint"},
		"argument, password":   {config: block, endpoint: "https://me:hidden@sts.example.com", err: "sts_endpoint"},
		"variable 1": {
			config: block, variable: "ALIBABA_CLOUD_ENDPOINT_STS=sts.example.com\n", want: "sts.example.com",
		},
		"variable 2": {
			config: block, variable: "ALIBABA_CLOUD_STS_ENDPOINT=sts.example.com", want: "sts.example.com",
		},
		"variable 3": {
			config: block, variable: "ALICLOUD_STS_ENDPOINT=sts.example.com", want: "sts.example.com",
		},
		"variable 4":     {config: block, variable: "STS_ENDPOINT=sts.example.com", want: "sts.example.com"},
		"variable, path": {config: block, variable: "STS_ENDPOINT=sts.example.com/v1", err: "STS_ENDPOINT"},
		"OIDC": {
			config: oidc, region: "cn-hangzhou", network: paiclient.NetworkVPC, want: "sts-vpc.cn-hangzhou.aliyuncs.com",
		},
		"OIDC, no region": {config: oidc, want: "sts.aliyuncs.com"},
		"profile":         {config: profile("plain"), want: "sts.own.aliyuncs.com"},
		"profile, region": {config: profile("plain"), region: "cn-hangzhou", want: "sts.cn-hangzhou.aliyuncs.com"},
		"profile, VPC": {
			config: profile("plain"), network: paiclient.NetworkVPC, want: "sts-vpc.own.aliyuncs.com",
		},
		"profile's STS": {config: profile("sts"), region: "cn-hangzhou", want: "sts.of-sts.aliyuncs.com"},
		"profile's STS, VPC": {
			config: profile("sts"), region: "cn-hangzhou", network: paiclient.NetworkVPC, want: "sts-vpc.of-sts.aliyuncs.com",
		},
		"profile's VPC, region": {
			config: profile("only vpc"), region: "cn-hangzhou", want: "sts-vpc.cn-hangzhou.aliyuncs.com",
		},
		"profile's VPC and STS":    {config: profile("vpc"), want: "sts-vpc.of-sts.aliyuncs.com"},
		"profile's VPC, no region": {config: profile("only vpc"), want: "sts.aliyuncs.com"},
		"profile, argument":        {config: profile("vpc"), endpoint: "sts.example.com", want: "sts.example.com"},
		"profile, variable": {
			config: profile("vpc"), variable: "STS_ENDPOINT=sts.example.com", want: "sts.example.com",
		},
		"profile, invalid region":   {config: profile("odd"), err: `profile "odd"`},
		"profile, OIDC":             {config: profile("OIDC"), want: "sts.of-sts.aliyuncs.com"},
		"source_profile":            {config: profile("chain"), want: "sts.of-chain.aliyuncs.com"},
		"role on a profile":         {config: profileRole, want: "sts.own.aliyuncs.com"},
		"role on a profile, region": {config: profileRole, region: "cn-hangzhou", want: "sts.cn-hangzhou.aliyuncs.com"},
		"role on a profile, VPC":    {config: profileRole, network: paiclient.NetworkVPC, want: "sts-vpc.own.aliyuncs.com"},
		"no role, invalid variable": {
			config: Configuration{CredentialsURI: "https://sidecar.example.com"}, variable: "STS_ENDPOINT=http://x",
			want: "sidecar.example.com",
		},
		"argument before a variable": {
			config: block, region: "cn-hangzhou", network: paiclient.NetworkVPC, endpoint: "sts.example.com",
			variable: "STS_ENDPOINT=decoy.example.com", want: "sts.example.com",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t, test.variable)
			writeFile(t, env.Home, cliConfig, profiles)
			test.config.Region, test.config.Network, test.config.STSEndpoint = test.region, test.network, test.endpoint
			_, err := fetch(t, test.config, env)
			switch {
			case test.err == "":
				checkError(t, err, "a test tried to reach "+test.want+";")
			case test.endpoint != "":
				checkArgument(t, err, "sts_endpoint", test.err)
			default:
				checkError(t, err, test.err)
			}
		})
	}
}
