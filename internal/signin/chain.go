// Package signin finds the credentials that sign requests. Ways to sign in stand in layers; the first layer that names
// any way decides, and a source that is there and broken is an error, never a reason to try the next: signing with
// another account than the one that was meant is worse than not signing.
package signin

import (
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

// The variables that name the other ways, the first that is set counts.
var (
	profileNames  = []string{"ALIBABA_CLOUD_PROFILE", "ALICLOUD_PROFILE"}
	profileFiles  = []string{"ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE"}
	sidecars      = []string{"ALIBABA_CLOUD_CREDENTIALS_URI", "ALICLOUD_CREDENTIALS_URI"}
	instanceRoles = []string{"ALIBABA_CLOUD_ECS_METADATA", "ALICLOUD_ECS_ROLE_NAME"}
	sessionNames  = []string{"ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALICLOUD_ASSUME_ROLE_SESSION_NAME"}
	stsEndpoints  = []string{"ALIBABA_CLOUD_ENDPOINT_STS", "ALIBABA_CLOUD_STS_ENDPOINT", "ALICLOUD_STS_ENDPOINT", "STS_ENDPOINT"}
)

const metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"

// Surroundings are where credentials are looked for. The vendor's library is told all that is found in them: what it is
// not told it takes from the environment by itself.
type Surroundings struct {
	Getenv func(string) string // empty is unset
	Home   string              // of the user; empty where there is none
}

// Find gives the source of credentials that the surroundings name: static keys of the environment, OIDC, a profile that
// the environment names, a sidecar, an ECS role that it names; else the current profile of the Alibaba Cloud CLI; else
// the SDKs' credentials file; else the role of the ECS instance that this runs on. Files are read, but nothing is sent
// before credentials are asked of the source.
func Find(around Surroundings) (paiclient.CredentialSource, error) {
	for _, way := range []func() (paiclient.CredentialSource, error){
		around.keys, around.oidc, around.namedProfile, around.sidecar, around.namedRole, around.defaultProfile, around.ownRole,
	} {
		if source, err := way(); source != nil || err != nil {
			return source, err
		}
	}
	return nil, fmt.Errorf("nothing is set, and %s is; %s", metadataDisabled, around.whereLooked())
}

func (s Surroundings) keys() (paiclient.CredentialSource, error) {
	for _, family := range Families {
		id, secret := s.get(family.ID), s.get(family.Secret)
		switch {
		case id != "" && secret != "":
			return paiclient.StaticCredentials{
				AccessKeyID: id, AccessKeySecret: secret, SecurityToken: s.get(family.Token),
			}, nil
		case id != "":
			return nil, fmt.Errorf("%s is set and %s is not: set both, or neither", family.ID, family.Secret)
		case secret != "":
			return nil, fmt.Errorf("%s is set and %s is not: set both, or neither", family.Secret, family.ID)
		}
	}
	return nil, nil
}

func (s Surroundings) sidecar() (paiclient.CredentialSource, error) {
	variable, uri := s.first(sidecars...)
	if uri == "" {
		return nil, nil
	}
	return newSource("the sidecar that "+variable+" names", "check the address, and that what it leads to is running",
		func() (providers.CredentialsProvider, error) {
			return providers.NewURLCredentialsProviderBuilder().WithUrl(uri).Build()
		}), nil
}

func (s Surroundings) namedRole() (paiclient.CredentialSource, error) {
	variable, role := s.first(instanceRoles...)
	switch {
	case role == "":
		return nil, nil
	case s.isTrue(metadataDisabled):
		return nil, fmt.Errorf("%s names a role of the ECS instance, which %s forbids to ask for", variable, metadataDisabled)
	}
	return newSource("the ECS instance's role "+role+", which "+variable+" names",
		"check that this is an ECS instance and that this role is attached to it", s.instance(role)), nil
}

func (s Surroundings) ownRole() (paiclient.CredentialSource, error) {
	if s.isTrue(metadataDisabled) {
		return nil, nil
	}
	return newSource("the role of the ECS instance that this runs on, the last place to look at,", s.whereLooked(), s.instance("")), nil
}

// instance asks the instance's metadata for a role, or where none is named for the one that is attached.
func (s Surroundings) instance(role string) func() (providers.CredentialsProvider, error) {
	return func() (providers.CredentialsProvider, error) {
		if role == "" && !s.isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED") {
			// The builder would take a role's name from the environment.
			return &providers.ECSRAMRoleCredentialsProvider{}, nil
		}
		return providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(role).
			WithDisableIMDSv1(s.isTrue("ALIBABA_CLOUD_IMDSV1_DISABLED")).Build()
	}
}

// whereLooked says what was looked at before the instance's role, and what to set.
func (s Surroundings) whereLooked() string {
	variables := []string{Families[0].ID, Families[1].ID, oidcToken, oidcTokenFile}
	for _, more := range [][]string{profileNames, profileFiles, sidecars, instanceRoles} {
		variables = append(variables, more...)
	}
	files := "no home directory is known to look for files in"
	if s.Home != "" {
		files = fmt.Sprintf("neither %s nor %s is there", filepath.Join(s.Home, cliConfig), filepath.Join(s.Home, sdkCredentials))
	}
	return fmt.Sprintf("none of %s is set, and %s. Set access_key and secret_key in the provider block, or the environment "+
		"variables %s and %s, or one of those others, or run `aliyun configure`",
		strings.Join(variables, ", "), files, Families[0].ID, Families[0].Secret)
}

// first gives the first of the variables that is set, and its value, without the line end that a file or a CI's secret
// leaves on it.
func (s Surroundings) first(variables ...string) (variable, value string) {
	for _, variable := range variables {
		if value := strings.TrimSpace(s.Getenv(variable)); value != "" {
			return variable, value
		}
	}
	return "", ""
}

func (s Surroundings) get(variables ...string) string {
	_, value := s.first(variables...)
	return value
}

func (s Surroundings) isTrue(variable string) bool {
	return strings.EqualFold(s.get(variable), "true")
}
