package signin

import (
	"cmp"
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Limits of the duration of a session in seconds. Source: the API reference of STS. A role can have a lower maximum.
const (
	MinSessionSeconds = 900
	MaxSessionSeconds = 43200
)

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
		p.last = clientCredentials(credentials)
	}
	return credentials, err
}

// completeRole returns the role with the STS host and, if it has no session name, the default one.
func (s search) completeRole(r assumedRole, profile profileRegions) (assumedRole, error) {
	r.sessionName = cmp.Or(r.sessionName, defaultSessionName)
	var err error
	r.stsHost, err = s.stsHost(profile)
	return r, err
}

// replacesRole reports whether the block assume_role replaces the role of a RamRoleArn profile.
func (s search) replacesRole() bool {
	return s.AssumeRole != nil && (s.AssumeRole.RoleARN == nil || *s.AssumeRole.RoleARN != "")
}

// overrideRole returns the members of a RamRoleArn profile with the settings of the block assume_role. The profile's
// role remains.
func (s search) overrideRole(members cliProfile) cliProfile {
	block := s.AssumeRole
	if block == nil {
		return members
	}
	members = maps.Clone(members)
	for member, value := range map[string]string{
		"ram_session_name": cmp.Or(block.SessionName, s.value(Variables("assume_role.session_name")...)),
		"policy":           block.Policy,
		"external_id":      block.ExternalID,
	} {
		if value != "" {
			members[member] = value
		}
	}
	if seconds, err := s.sessionSeconds(); err == nil && seconds != 0 {
		members["expired_seconds"] = float64(seconds)
	}
	return members
}

// sessionSeconds returns the duration of the session of the block assume_role in seconds, or 0 if it is unset.
func (s search) sessionSeconds() (int, error) {
	const argument = "assume_role.session_expiration"
	seconds := s.AssumeRole.SessionExpiration
	switch variable, value := s.Lookup(Variables(argument)...); {
	case tooShort(seconds):
		return 0, argumentErrorf(ProblemOther, argument, "`session_expiration` is %d: set at least %d seconds",
			seconds, MinSessionSeconds)
	case seconds == 0 && variable != "":
		number, err := strconv.Atoi(value)
		if err != nil || number < MinSessionSeconds || number > MaxSessionSeconds {
			return 0, safeErrorf("invalid %s: use a number of seconds, %d to %d",
				variable, MinSessionSeconds, MaxSessionSeconds)
		}
		seconds = number
	}
	return seconds, nil
}

// assumeRole returns a source that assumes the role of the block assume_role with the credentials of base. It returns
// base if the block is omitted, or keeps the role of the profile.
func (s search) assumeRole(base *selectedSource) (*selectedSource, error) {
	block := s.AssumeRole
	if block == nil {
		return base, nil
	}
	seconds, err := s.sessionSeconds()
	hasRole := base.profile.mode() == "RamRoleArn"
	if err != nil || !s.replacesRole() && !hasRole {
		return base, err
	}
	sessionName, _ := s.fill("assume_role.session_name", block.SessionName)
	if !s.replacesRole() {
		return base, nil // overrideRole has set the session name
	}
	const argument = "assume_role.role_arn"
	var arn string
	if block.RoleARN != nil {
		arn = *block.RoleARN
	} else if arn, _ = s.fill(argument, ""); arn == "" {
		return nil, argumentErrorf(ProblemMissing, argument,
			"`assume_role` has no `role_arn`, and neither of the environment variables %s is set: set `role_arn`, or set it "+
				"to \"\" to assume no role", strings.Join(Variables(argument), " and "))
	}
	if hasRole { // the profile completes the block, as for alicloud
		sessionName = cmp.Or(sessionName, base.profile.stringMember("ram_session_name"))
		seconds = cmp.Or(seconds, int(base.profile.intMember("expired_seconds")))
	}
	r, err := s.completeRole(assumedRole{
		arn: arn, sessionName: sessionName, policy: block.Policy, externalID: block.ExternalID, seconds: seconds,
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

func tooShort(seconds int) bool { return seconds != 0 && seconds < MinSessionSeconds }

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
	isVPC := cmp.Or(s.Network, profile.network) == paiclient.NetworkVPC
	switch {
	case region == "" && isVPC:
		return "", safeErrorf("the VPC endpoint of STS needs a region: set `region` or `sts_endpoint` in the provider block")
	case region == "":
		return "sts.aliyuncs.com", nil
	}
	if err := paiclient.CheckRegion(region); err != nil {
		return "", safeErrorf("no STS endpoint: %w", err)
	}
	if isVPC || profile.stsVPC {
		return "sts-vpc." + region + ".aliyuncs.com", nil
	}
	return "sts." + region + ".aliyuncs.com", nil
}

// configuredSTSHost returns the host of sts_endpoint or of its environment variables, or "" if none is set.
func (s search) configuredSTSHost() (string, error) {
	const argument = "sts_endpoint"
	name, endpoint := argument, s.STSEndpoint
	if endpoint == "" {
		if name, endpoint = s.Lookup(Variables(argument)...); endpoint == "" {
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
