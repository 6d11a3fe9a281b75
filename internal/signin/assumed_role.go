package signin

import (
	"os"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// What OIDC needs, as CI services and Kubernetes put it into the environment.
const (
	oidcToken       = "ALIBABA_CLOUD_OIDC_TOKEN"
	oidcTokenFile   = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	oidcProviderARN = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	oidcRoleARN     = "ALIBABA_CLOUD_ROLE_ARN" // a role to assume of other ways too, so it alone names no OIDC
)

const trustAdvice = "check the role's ARN, and that its trust policy admits who asks"

// role is what is assumed. The library takes an empty ARN, session or endpoint from the environment, so all are given.
type role struct {
	arn, session, policy, externalID string
	seconds                          int // 0: the library's hour
	endpoint                         string
}

// role completes what a profile or the environment says of a role with what only the environment says.
func (s Surroundings) role(named role, region string, vpc bool) role {
	if named.session == "" {
		named.session = s.get(sessionNames...)
	}
	if named.session == "" {
		named.session = "terraform-provider-pai"
	}
	if named.endpoint = s.get(stsEndpoints...); named.endpoint == "" {
		host := "sts"
		if region != "" && vpc {
			host = "sts-vpc"
		}
		if region != "" {
			host += "." + region
		}
		named.endpoint = host + ".aliyuncs.com"
	}
	return named
}

// assumedBy is the role, assumed with other credentials.
func (r role) assumedBy(previous providers.CredentialsProvider) (providers.CredentialsProvider, error) {
	return providers.NewRAMRoleARNCredentialsProviderBuilder().
		WithCredentialsProvider(previous).
		WithRoleArn(r.arn).WithRoleSessionName(r.session).WithPolicy(r.policy).WithExternalId(r.externalID).
		WithDurationSeconds(r.seconds).WithStsEndpoint(r.endpoint).Build()
}

// oidc is for a token that a CI or Kubernetes put there.
func (s Surroundings) oidc() (paiclient.CredentialSource, error) {
	token, file, provider := s.get(oidcToken), s.get(oidcTokenFile), s.get(oidcProviderARN)
	if token == "" && file == "" && provider == "" {
		return nil, nil
	}
	arn := s.get(oidcRoleARN)
	switch {
	case token == "" && file == "":
		return nil, ownErrorf("%s is set, but no OIDC token: set %s, or %s", oidcProviderARN, oidcTokenFile, oidcToken)
	case provider == "" || arn == "":
		return nil, ownErrorf("there is an OIDC token in %s or %s, but not both %s and %s",
			oidcToken, oidcTokenFile, oidcProviderARN, oidcRoleARN)
	}
	role := s.role(role{arn: arn}, "", false)
	return newSource("OIDC as "+arn, trustAdvice+", and that the token is not out of date",
		func() (providers.CredentialsProvider, error) {
			return &oidcProvider{token: token, file: file, provider: provider, role: role}, nil
		}), nil
}

// oidcProvider has the role assumed with the token that is in its file at the moment. The library, given a file, would
// prefer the environment's token, and sends the file's line end.
type oidcProvider struct {
	token, file, provider string // the token itself, or its file
	role                  role

	sent string // the token that made was made with
	made *providers.OIDCCredentialsProvider
}

// GetCredentials asks the library, which keeps what it has until shortly before it expires.
func (o *oidcProvider) GetCredentials() (*providers.Credentials, error) {
	token := o.token
	if token == "" {
		content, err := os.ReadFile(o.file)
		if err != nil {
			return nil, ownErrorf("the OIDC token can't be read: %w", err)
		}
		if token = strings.TrimSpace(string(content)); token == "" {
			return nil, ownErrorf("the OIDC token's file %s is empty", o.file)
		}
	}
	if o.made == nil || o.sent != token {
		made, err := providers.NewOIDCCredentialsProviderBuilder().
			WithOIDCToken(token).WithOIDCProviderARN(o.provider).WithRoleArn(o.role.arn).
			WithRoleSessionName(o.role.session).WithPolicy(o.role.policy).WithDurationSeconds(o.role.seconds).
			WithSTSEndpoint(o.role.endpoint).Build()
		if err != nil {
			return nil, err
		}
		o.made, o.sent = made, token
	}
	return o.made.GetCredentials()
}

// GetProviderName is for the library.
func (*oidcProvider) GetProviderName() string { return "oidc_role_arn" }
