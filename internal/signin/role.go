package signin

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// minSessionSeconds is the shortest session that STS issues.
const minSessionSeconds = 900

// assumedRole is a role to assume. The library would replace an empty ARN, session name or host with a value from the
// environment. Callers set the ARN, and completeRole sets the session name and the host.
type assumedRole struct {
	arn, sessionName, policy, externalID string
	seconds                              int // 0 for the library's default of one hour
	stsHost                              string
}

// String returns the role as shown in errors.
func (r assumedRole) String() string {
	return "the role " + r.arn + " (session name " + r.sessionName + ")"
}

// provider returns a provider that assumes the role with the credentials of base.
func (r assumedRole) provider(base providers.CredentialsProvider) (providers.CredentialsProvider, error) {
	bound := &boundProvider{CredentialsProvider: base, ctx: context.Background()}
	provider, err := providers.NewRAMRoleARNCredentialsProviderBuilder().
		WithCredentialsProvider(bound).
		WithRoleArn(r.arn).WithRoleSessionName(r.sessionName).WithPolicy(r.policy).WithExternalId(r.externalID).
		WithDurationSeconds(r.seconds).WithStsEndpoint(r.stsHost).Build()
	return &roleProvider{provider, bound}, err
}

// roleProvider is a provider of the library that assumes a role. It passes its context to the provider of the
// credentials with which the role is assumed.
type roleProvider struct {
	providers.CredentialsProvider
	base *boundProvider
}

// GetCredentialsContext returns the session of the role. If STS refuses the credentials of the base as expired, it
// tries once more if the base then returns others.
func (p *roleProvider) GetCredentialsContext(ctx context.Context) (*providers.Credentials, error) {
	p.base.ctx = ctx
	credentials, err := p.GetCredentials()
	if err == nil || errorCode(err) != codeExpiredSession {
		return credentials, err
	}
	refused := p.base.last
	refusedSessions.Store(refused, true)
	if _, baseErr := p.base.GetCredentials(); baseErr != nil || p.base.last == refused {
		return nil, err
	}
	return p.GetCredentials()
}

// boundProvider is a provider that the library calls without a context.
type boundProvider struct {
	providers.CredentialsProvider
	ctx  context.Context //nolint:containedctx // the library's interface has no context
	last paiclient.Credentials
}

// GetCredentials returns the credentials of the provider, with the context of the current call.
func (p *boundProvider) GetCredentials() (*providers.Credentials, error) {
	credentials, err := getCredentials(p.ctx, p.CredentialsProvider)
	if err == nil {
		p.last = paiclient.Credentials{
			AccessKeyID: credentials.AccessKeyId, AccessKeySecret: credentials.AccessKeySecret,
			SecurityToken: credentials.SecurityToken,
		}
	}
	return credentials, err
}

// completeRole returns the role with the STS host and, if it has no session name, the one from the environment or the
// default.
func (s search) completeRole(r assumedRole, profile profileRegions) (assumedRole, error) {
	r.sessionName = cmp.Or(r.sessionName, s.value(sessionNameVariables...), defaultSessionName)
	var err error
	r.stsHost, err = s.stsHost(profile)
	return r, err
}

// assumeRole returns a source that assumes the configured role with the credentials of base. It returns base if no role
// is configured.
func (s search) assumeRole(base *selectedSource) (*selectedSource, error) {
	block := cmp.Or(s.AssumeRole, &AssumeRole{})
	arn := s.roleOfEnv(base)
	if block.RoleARN != nil {
		arn = *block.RoleARN
	}
	switch {
	case arn == "" && s.AssumeRole != nil && block.RoleARN == nil:
		return nil, s.missingRole(base)
	case arn == "":
		return base, nil
	case tooShort(block.SessionExpiration):
		return nil, argumentErrorf(ProblemOther, "assume_role.session_expiration",
			"`session_expiration` is %d: set at least %d seconds", block.SessionExpiration, minSessionSeconds)
	}
	r, err := s.completeRole(assumedRole{
		arn: arn, sessionName: block.SessionName, policy: block.Policy, externalID: block.ExternalID,
		seconds: block.SessionExpiration,
	}, base.sts)
	if err != nil {
		return nil, err
	}
	return &selectedSource{
		name: r.String() + " assumed with " + base.name, advice: r.advice(),
		region: base.region, network: base.network,
		build: func() (providers.CredentialsProvider, error) {
			provider, err := base.open()
			if err != nil {
				return nil, err
			}
			return r.provider(provider)
		},
	}, nil
}

func tooShort(seconds int) bool { return seconds != 0 && seconds < minSessionSeconds }

// roleOfEnv returns the role that the environment sets, or "" if there is none. It also returns "" if base is set by
// the provider block or by a file. If the environment contains an OIDC token, ALIBABA_CLOUD_ROLE_ARN is the role for
// that token, and roleOfEnv ignores the variable.
func (s search) roleOfEnv(base *selectedSource) string {
	if !base.fromEnv {
		return ""
	}
	variables := slices.Clone(Variables("assume_role.role_arn"))
	if s.value(oidcTokenVariables...) != "" {
		variables = slices.DeleteFunc(variables, func(variable string) bool { return variable == roleVariable })
	}
	return s.value(variables...)
}

// missingRole returns the error for a block assume_role without a role.
func (s search) missingRole(base *selectedSource) error {
	const argument = "assume_role.role_arn"
	variables := Variables(argument)
	variable, _ := s.lookup(variables...)
	why := "neither of the environment variables " + strings.Join(variables, " and ") + " is set"
	switch {
	case variable != "" && base.fromEnv:
		why = variable + " is the role of the OIDC token in the environment"
	case variable != "":
		why = variable + " applies only to credentials from environment variables, but the provider uses " + base.name
	}
	return argumentErrorf(ProblemMissing, argument,
		"`assume_role` has no `role_arn`, and %s: set `role_arn`, or set it to \"\" to assume no role", why)
}

// profileRegions holds the settings of a profile that determine the STS endpoint.
type profileRegions struct {
	region      string
	network     string // paiclient.NetworkVPC, or "" if unset
	stsRegion   string // the region of the STS endpoint; takes precedence over region
	stsVPC      bool   // use the VPC endpoint
	stsEndpoint string // takes precedence over the other settings
}

// stsHost returns the host of the STS endpoint: the configured one, or the host for the region and network.
func (s search) stsHost(profile profileRegions) (string, error) {
	host, err := s.configuredSTSHost()
	if host != "" || err != nil {
		return host, err
	}
	if profile.stsEndpoint != "" {
		return parseSTSEndpoint("`sts_endpoint`", profile.stsEndpoint)
	}
	region := cmp.Or(profile.stsRegion, s.Region, profile.region)
	vpc := profile.stsVPC || cmp.Or(s.Network, profile.network) == paiclient.NetworkVPC
	switch {
	case region == "" && cmp.Or(s.Network, profile.network) == paiclient.NetworkVPC:
		return "", safeErrorf("the VPC endpoint of STS needs a region: set `region` or `sts_endpoint`")
	case region == "":
		return "sts.aliyuncs.com", nil
	}
	if err := paiclient.CheckRegion(region); err != nil {
		return "", safeErrorf("no STS endpoint: %w", err)
	}
	if vpc {
		return "sts-vpc." + region + ".aliyuncs.com", nil
	}
	return "sts." + region + ".aliyuncs.com", nil
}

// configuredSTSHost returns the host of sts_endpoint or of its environment variables, or "" if none is set.
func (s search) configuredSTSHost() (string, error) {
	const argument = "sts_endpoint"
	name, endpoint := argument, s.STSEndpoint
	if endpoint == "" {
		if name, endpoint = s.lookup(Variables(argument)...); endpoint == "" {
			return "", nil
		}
	}
	host, err := parseSTSEndpoint(name, endpoint)
	if err != nil && name == argument {
		err = &ArgumentError{Argument: argument, Err: err}
	}
	return host, err
}

// parseSTSEndpoint returns the host of an STS endpoint. name is the argument, variable or member that sets it.
func parseSTSEndpoint(name, endpoint string) (string, error) {
	address, err := paiclient.ParseEndpoint(endpoint)
	switch {
	case err != nil:
		return "", safeErrorf("invalid %s: %w", name, err)
	case address.Scheme != "https":
		return "", safeErrorf("invalid %s: STS requires https", name)
	}
	return address.Host, nil
}
