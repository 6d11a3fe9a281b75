package signin

import (
	"github.com/aliyun/credentials-go/credentials/providers"
)

func (s search) configuredInstance() (*origin, error) {
	if s.isTrue(metadataDisabled) {
		return nil, argumentErrorf("ecs_role_name", "ecs_role_name names a role of the ECS instance, which %s forbids to ask for", metadataDisabled)
	}
	return s.instanceOrigin(s.ECSRoleName, "ecs_role_name"), nil
}

func (s search) surroundingInstance() (*origin, error) {
	variable, name := s.first(Environment("ecs_role_name")...)
	switch {
	case name == "":
		return nil, nil
	case s.isTrue(metadataDisabled):
		return nil, ownErrorf("%s names a role of the ECS instance, which %s forbids to ask for", variable, metadataDisabled)
	}
	return s.instanceOrigin(name, variable), nil
}

func (s search) instanceOrigin(name, named string) *origin {
	return &origin{
		name:   "the ECS instance's role " + name + ", which " + named + " names",
		advice: always("check that this is an ECS instance and that this role is attached to it"),
		build:  func() (providers.CredentialsProvider, error) { return s.instance(name) },
	}
}

// ownInstance is the last place to look at.
func (s search) ownInstance() (*origin, error) {
	if s.isTrue(metadataDisabled) {
		return nil, nil
	}
	return &origin{
		name:   "the role of the ECS instance that this runs on",
		advice: always("that was the last place to look at. " + s.whereLooked()),
		build:  func() (providers.CredentialsProvider, error) { return s.instance("") },
	}, nil
}

// instance asks the instance's metadata for a role, or where none is named for the one that is attached.
func (s search) instance(name string) (providers.CredentialsProvider, error) {
	newTokenOnly := s.isTrue(oldTokenDisabled)
	if name == "" {
		// The builder takes a missing name from this variable.
		variable := Environment("ecs_role_name")[0]
		switch {
		case !newTokenOnly:
			return silent{&providers.ECSRAMRoleCredentialsProvider{}}, nil
		case s.Getenv(variable) != "":
			return nil, ownErrorf("no role of the ECS instance is named, and while %s is set the vendor's library would take the one of %s: name it",
				oldTokenDisabled, variable)
		}
	}
	provider, err := providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(name).WithDisableIMDSv1(newTokenOnly).Build()
	return silent{provider}, err
}
