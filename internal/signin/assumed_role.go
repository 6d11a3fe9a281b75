package signin

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// leastSeconds is how short a session may be.
const leastSeconds = 900

// role is what is assumed. The library takes an empty ARN, session or endpoint from the environment, so all are given.
type role struct {
	arn, session, policy, externalID string
	seconds                          int // 0: the library's hour
	endpoint                         string
}

// regions are what a profile says of them.
type regions struct {
	own string
	sts string // of the STS that assumes its role
	vpc bool   // that one's network
}

// String is how a sentence names the role.
func (r role) String() string { return "the role " + r.arn + " (session name " + r.session + ")" }

// role completes what is said of a role with what the environment may say of any.
func (s search) role(named role, profile regions) (role, error) {
	named.session = cmp.Or(named.session, s.get(sessionVariables...), defaultSession)
	var err error
	named.endpoint, err = s.stsHost(profile)
	return named, err
}

// assumedBy is the role, assumed with other credentials.
func (r role) assumedBy(previous providers.CredentialsProvider) (providers.CredentialsProvider, error) {
	return providers.NewRAMRoleARNCredentialsProviderBuilder().
		WithCredentialsProvider(previous).
		WithRoleArn(r.arn).WithRoleSessionName(r.session).WithPolicy(r.policy).WithExternalId(r.externalID).
		WithDurationSeconds(r.seconds).WithStsEndpoint(r.endpoint).Build()
}

// withRole puts the role to assume, if there is one, on top of what signs in.
func (s search) withRole(base *origin) (*origin, error) {
	block := cmp.Or(s.AssumeRole, &AssumeRole{})
	arn := s.surroundingRole(base)
	if block.RoleARN != nil {
		arn = *block.RoleARN
	}
	switch {
	case arn == "" && s.AssumeRole != nil && block.RoleARN == nil:
		return nil, s.noRole(base)
	case arn == "":
		return base, nil
	case tooShort(block.SessionExpiration):
		return nil, argumentErrorf("assume_role.session_expiration", "session_expiration is %d: a session lasts %d seconds at least",
			block.SessionExpiration, leastSeconds)
	}
	top, err := s.role(role{
		arn: arn, session: block.SessionName, policy: block.Policy, externalID: block.ExternalID, seconds: block.SessionExpiration,
	}, regions{own: base.region})
	if err != nil {
		return nil, err
	}
	return &origin{
		name: top.String() + " assumed with " + base.name, advice: roleAdvice, region: base.region,
		build: func() (providers.CredentialsProvider, error) {
			previous, err := base.open()
			if err != nil {
				return nil, err
			}
			return top.assumedBy(previous)
		},
	}, nil
}

func tooShort(seconds int) bool { return seconds != 0 && seconds < leastSeconds }

// surroundingRole is the one that the environment names, for what the environment has sign in. Where an OIDC token is
// there too, ALIBABA_CLOUD_ROLE_ARN is the role of OIDC, whether that signs in or something before it.
func (s search) surroundingRole(base *origin) string {
	if !base.surrounding {
		return ""
	}
	variables := slices.Clone(Environment("assume_role.role_arn"))
	if s.get(oidcTokens...) != "" {
		variables = slices.DeleteFunc(variables, func(variable string) bool { return variable == roleVariable })
	}
	return s.get(variables...)
}

// noRole is for a block that says how to assume a role, and not which.
func (s search) noRole(base *origin) error {
	const argument = "assume_role.role_arn"
	variables := Environment(argument)
	variable, _ := s.first(variables...)
	why := "no environment variable " + strings.Join(variables, " or ") + " stands in for it"
	switch {
	case variable != "" && base.surrounding:
		why = variable + " in the environment is the role of OIDC, as there is an OIDC token too"
	case variable != "":
		why = variable + " is only for sign-in from the environment, and what signs in here is " + base.name
	}
	return argumentErrorf(argument, "assume_role names no role, and %s: set role_arn, or set it to \"\" for no role", why)
}

// stsHost is where a role is assumed.
func (s search) stsHost(profile regions) (string, error) {
	if host, err := s.namedSTS(); host != "" || err != nil {
		return host, err
	}
	region := cmp.Or(profile.sts, s.Region, profile.own)
	vpc := profile.vpc || s.Network == paiclient.NetworkVPC
	switch {
	case region == "" && s.Network == paiclient.NetworkVPC:
		return "", ownErrorf("which STS to ask inside the VPC can't be told without a region: set region or sts_endpoint")
	case region == "":
		return "sts.aliyuncs.com", nil
	}
	if err := paiclient.CheckRegion(region); err != nil {
		return "", ownErrorf("no STS can be asked: %w", err)
	}
	if vpc {
		return "sts-vpc." + region + ".aliyuncs.com", nil
	}
	return "sts." + region + ".aliyuncs.com", nil
}

// namedSTS is the one that the argument or the environment names.
func (s search) namedSTS() (string, error) {
	const argument = "sts_endpoint"
	name, endpoint := argument, s.STSEndpoint
	if endpoint == "" {
		if name, endpoint = s.first(Environment(argument)...); endpoint == "" {
			return "", nil
		}
	}
	address, err := paiclient.ParseEndpoint(endpoint)
	switch {
	case err != nil:
		err = ownErrorf("%s can't be called: %w", name, err)
	case address.Scheme != "https":
		err = ownErrorf("%s can't be called: STS is spoken to over https alone", name)
	default:
		return address.Host, nil
	}
	if name == argument {
		err = &ArgumentError{Argument: argument, Err: err}
	}
	return "", err
}
