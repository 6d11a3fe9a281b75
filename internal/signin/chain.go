// Package signin finds the credentials that sign requests. Ways to sign in stand in layers; the first layer that names
// any way decides, and a source that is there and broken is an error, never a reason to try the next: signing with
// another account than the one that was meant is worse than not signing.
package signin

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Keys are the environment variables of one family of names. Keys of two families are never mixed.
type Keys struct{ ID, Secret, Token string }

// Families are where static keys are looked for in the environment, in order.
var Families = []Keys{
	{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"},
	{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"},
}

// Surroundings are where credentials are looked for. The vendor's library is told all that is found in them, so that
// it looks for nothing by itself.
type Surroundings struct {
	Getenv func(string) string // empty is unset
	Home   string              // of the user; empty where there is none
}

// Find gives the source of credentials that the surroundings name: static keys of the environment, OIDC, a profile that
// the environment names, a sidecar, an ECS role that it names; else the current profile of the Alibaba Cloud CLI; else
// the SDKs' credentials file; else the role of the ECS instance that this runs on. Files are only looked for, and
// nothing is sent, before credentials are asked of the source.
func Find(around Surroundings) (paiclient.CredentialSource, error) {
	for _, family := range Families {
		id, secret := around.get(family.ID), around.get(family.Secret)
		switch {
		case id != "" && secret != "":
			return paiclient.StaticCredentials{
				AccessKeyID: id, AccessKeySecret: secret, SecurityToken: around.get(family.Token),
			}, nil
		case id != "" || secret != "":
			return nil, fmt.Errorf("the environment has only one half of a key: set both %s and %s, or neither",
				family.ID, family.Secret)
		}
	}
	if source, err := around.oidc(); source != nil || err != nil {
		return source, err
	}
	if name := around.get("ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"); name != "" {
		return around.profile(name)
	}
	if uri := around.get("ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"); uri != "" {
		return newSource("the sidecar of ALIBABA_CLOUD_CREDENTIALS_URI", func() (providers.CredentialsProvider, error) {
			return providers.NewURLCredentialsProviderBuilder().WithUrl(uri).Build()
		}), nil
	}
	if role := around.get("ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"); role != "" {
		return around.instance("the ECS instance's role "+role, role)
	}
	if current, err := around.profile(""); current != nil || err != nil {
		return current, err
	}
	source, err := around.instance("the ECS instance's own role", "")
	if err != nil {
		return nil, fmt.Errorf("no credentials: %s", around.whereLooked(err.Error()))
	}
	source.hint = around.whereLooked("this machine answered for no instance role")
	return source, nil
}

// oidc is for a token that a CI or Kubernetes put there, nil where there is none.
func (s Surroundings) oidc() (paiclient.CredentialSource, error) {
	token, file := s.get("ALIBABA_CLOUD_OIDC_TOKEN"), s.get("ALIBABA_CLOUD_OIDC_TOKEN_FILE")
	if token == "" && file == "" {
		return nil, nil
	}
	arn, role := s.get("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"), s.get("ALIBABA_CLOUD_ROLE_ARN")
	if arn == "" || role == "" {
		return nil, errors.New("the environment has an OIDC token, but not both ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_ROLE_ARN")
	}
	session := s.get("ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_NAME")
	if session == "" {
		session = "terraform-provider-pai"
	}
	return newSource("OIDC as "+role, func() (providers.CredentialsProvider, error) {
		return providers.NewOIDCCredentialsProviderBuilder().
			WithOIDCToken(token).WithOIDCTokenFilePath(file).WithOIDCProviderARN(arn).
			WithRoleArn(role).WithRoleSessionName(session).
			WithSTSEndpoint(s.stsEndpoint()).
			Build()
	}), nil
}

func (s Surroundings) stsEndpoint() string {
	if host := s.get("ALIBABA_CLOUD_ENDPOINT_STS", "ALIBABA_CLOUD_STS_ENDPOINT", "ALICLOUD_STS_ENDPOINT", "STS_ENDPOINT"); host != "" {
		return host
	}
	return "sts.aliyuncs.com"
}

func (s Surroundings) instance(name, role string) (*source, error) {
	if strings.EqualFold(s.get("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "true") {
		return nil, errors.New("the instance's metadata is turned off by ALIBABA_CLOUD_ECS_METADATA_DISABLED")
	}
	return newSource(name, func() (providers.CredentialsProvider, error) {
		return providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(role).Build()
	}), nil
}

// whereLooked says what was looked at and what to set, ending with what the last place said.
func (s Surroundings) whereLooked(last string) string {
	looked := make([]string, 0, len(Families)+3)
	for _, family := range Families {
		looked = append(looked, family.ID+" is not set")
	}
	looked = append(looked, "no "+filepath.Join("~", cliConfig), "no "+filepath.Join("~", sdkCredentials), last)
	return strings.Join(looked, "; ") + ". Set access_key and secret_key, the environment variables " +
		Families[0].ID + " and " + Families[0].Secret + ", or run `aliyun configure`"
}

// get gives the first of the variables that is set, without the line end that a file or a CI's secret leaves on it.
func (s Surroundings) get(names ...string) string {
	for _, name := range names {
		if value := strings.TrimSpace(s.Getenv(name)); value != "" {
			return value
		}
	}
	return ""
}
