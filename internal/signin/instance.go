package signin

import (
	"github.com/aliyun/credentials-go/credentials/providers"
)

func (s search) ecsRoleOfBlock() (*foundSource, error) {
	if s.enabled(metadataDisabled) {
		return nil, argumentErrorf("ecs_role_name", "%s disables the metadata of the ECS instance, which ecs_role_name "+
			"needs: unset one of them", metadataDisabled)
	}
	return s.newECSRole(s.ECSRoleName, "ecs_role_name"), nil
}

func (s search) ecsRoleOfEnv() (*foundSource, error) {
	variable, role := s.lookup(Variables("ecs_role_name")...)
	switch {
	case role == "":
		return nil, errNotSet
	case s.enabled(metadataDisabled):
		return nil, safeErrorf("%s disables the metadata of the ECS instance, which %s needs: unset one of them",
			metadataDisabled, variable)
	}
	return s.newECSRole(role, variable), nil
}

func (s search) newECSRole(role, setBy string) *foundSource {
	return &foundSource{
		name:   "the ECS role " + role + " of " + setBy,
		advice: advice{otherwise: "check that this is an ECS instance and that the role is attached to it"},
		build:  func() (providers.CredentialsProvider, error) { return s.openECSRole(role) },
	}
}

// attachedECSRole returns the last source. Whether a metadata service exists shows only when credentials are fetched.
func (s search) attachedECSRole() (*foundSource, error) {
	if s.enabled(metadataDisabled) {
		return nil, errNotSet
	}
	return &foundSource{
		name:   "the role of the ECS instance",
		advice: advice{otherwise: "no other credential source is set: " + s.howToSet()},
		build:  func() (providers.CredentialsProvider, error) { return s.openECSRole("") },
	}, nil
}

// openECSRole returns a provider that asks the instance's metadata for a role's session, by default that of the
// attached role.
func (s search) openECSRole(role string) (providers.CredentialsProvider, error) {
	hardenedOnly := s.enabled(imdsV1Disabled)
	if role == "" {
		// The builder would replace an empty role by the value of this variable.
		variable := Variables("ecs_role_name")[0]
		switch {
		case !hardenedOnly:
			return quietProvider{&providers.ECSRAMRoleCredentialsProvider{}}, nil
		case s.Getenv(variable) != "":
			return nil, safeErrorf("no role of the ECS instance is set, and with %s the vendor's library would use that of %s: "+
				"set the role", imdsV1Disabled, variable)
		}
	}
	provider, err := providers.NewECSRAMRoleCredentialsProviderBuilder().
		WithRoleName(role).WithDisableIMDSv1(hardenedOnly).Build()
	return quietProvider{provider}, err
}
