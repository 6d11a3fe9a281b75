package signin

import (
	"github.com/aliyun/credentials-go/credentials/providers"
)

func (s search) ecsRoleOfBlock() (*selectedSource, error) {
	if s.isTrue(metadataDisabled) {
		return nil, argumentErrorf(ProblemOther, "ecs_role_name", "`ecs_role_name` needs the metadata of the ECS instance, "+
			"which %s disables: remove the argument, or unset the variable", metadataDisabled)
	}
	return s.newECSRole(s.ECSRoleName, "`ecs_role_name`"), nil
}

func (s search) ecsRoleOfEnv() (*selectedSource, error) {
	variable, role := s.lookup(Variables("ecs_role_name")...)
	switch {
	case role == "":
		return nil, errNotSet
	case s.isTrue(metadataDisabled):
		return nil, safeErrorf("%s needs the metadata of the ECS instance, which %s disables: unset one of the variables",
			variable, metadataDisabled)
	}
	return s.newECSRole(role, variable), nil
}

func (s search) newECSRole(role, setBy string) *selectedSource {
	return &selectedSource{
		name:   "the ECS role " + role + " of " + setBy,
		advice: advice{otherwise: "check that this is an ECS instance and that the role is attached to it"},
		build:  func() (providers.CredentialsProvider, error) { return s.openECSRole(role) },
	}
}

// attachedECSRole returns the role that is attached to the ECS instance, or errNotSet if metadata is disabled. It
// doesn't check whether the machine has a metadata service. If there is none, fetching the credentials fails.
func (s search) attachedECSRole() (*selectedSource, error) {
	if s.isTrue(metadataDisabled) {
		return nil, errNotSet
	}
	return &selectedSource{
		name:   "the role of the ECS instance",
		advice: advice{otherwise: "no other credential source is set: " + s.setupAdvice()},
		build:  func() (providers.CredentialsProvider, error) { return s.openECSRole("") },
	}, nil
}

// openECSRole returns a provider that reads a role's session from the metadata of the instance. If role is "", it uses
// the role that is attached to the instance.
func (s search) openECSRole(role string) (providers.CredentialsProvider, error) {
	hardenedOnly := s.isTrue(imdsV1Disabled)
	if role == "" {
		// If the role is empty, the builder reads it from this variable.
		variable := Variables("ecs_role_name")[0]
		switch {
		case !hardenedOnly:
			return &providers.ECSRAMRoleCredentialsProvider{}, nil
		case s.Getenv(variable) != "":
			return nil, safeErrorf("no role of the ECS instance is set, and with %s the vendor's library would use that of %s: "+
				"set the role", imdsV1Disabled, variable)
		}
	}
	return providers.NewECSRAMRoleCredentialsProviderBuilder().
		WithRoleName(role).WithDisableIMDSv1(hardenedOnly).Build()
}
