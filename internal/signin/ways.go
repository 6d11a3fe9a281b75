package signin

// Way is a way to sign in, and what names it.
type Way struct {
	Name        string
	Arguments   []string // of the provider block: any of them names the way
	Environment []string // variables: any of them names the way, in this order

	configured, surrounding func(search) (*origin, error)
}

// Ways are all of them, in the order in which a layer is searched for them.
var Ways = []Way{
	{
		Name:        "static keys",
		Arguments:   []string{"access_key", "secret_key", "security_token"},
		Environment: keyVariables(),
		configured:  search.configuredKeys, surrounding: search.surroundingKeys,
	}, {
		Name:      "OIDC",
		Arguments: []string{"assume_role_with_oidc"},
		Environment: join("assume_role_with_oidc.oidc_token", "assume_role_with_oidc.oidc_token_file",
			"assume_role_with_oidc.oidc_provider_arn"),
		configured: search.configuredOIDC, surrounding: search.surroundingOIDC,
	}, {
		Name:        "profile",
		Arguments:   []string{"profile", "shared_credentials_file"},
		Environment: join("profile", "shared_credentials_file"),
		configured:  search.configuredProfile, surrounding: search.surroundingProfile,
	}, {
		Name:        "sidecar",
		Arguments:   []string{"credentials_uri"},
		Environment: join("credentials_uri"),
		configured:  search.configuredSidecar, surrounding: search.surroundingSidecar,
	}, {
		Name:        "ECS role",
		Arguments:   []string{"ecs_role_name"},
		Environment: join("ecs_role_name"),
		configured:  search.configuredInstance, surrounding: search.surroundingInstance,
	},
}

// Layer is a place where ways to sign in are looked for. The first one that names any decides, alone.
type Layer struct {
	Name string
	File string // under the user's home, where it is one

	find func(search) (*origin, error)
}

// Layers are all of them, in order.
var Layers = []Layer{
	{Name: "the provider block", find: search.configured},
	{Name: "the environment", find: search.surrounding},
	{Name: "the current profile of the Alibaba Cloud CLI", File: cliConfig, find: search.cliAtHome},
	{Name: "the default profile of the SDKs", File: sdkCredentials, find: search.sdkAtHome},
	{Name: "the role of the ECS instance that this runs on", find: search.ownInstance},
}

// join gives the variables of several arguments, one argument after the other.
func join(arguments ...string) []string {
	var variables []string
	for _, argument := range arguments {
		variables = append(variables, Environment(argument)...)
	}
	return variables
}

// configured is the one way that the provider block names.
func (s search) configured() (*origin, error) {
	named, set := "", s.set()
	var find func(search) (*origin, error)
	for _, way := range Ways {
		for _, argument := range way.Arguments {
			if !set[argument] {
				continue
			}
			if named != "" {
				return nil, argumentErrorf(argument, "%s and %s are two ways to sign in, and which account is meant can't be told: keep one of them",
					named, argument)
			}
			named, find = argument, way.configured
			break
		}
	}
	if find == nil {
		return nil, nil
	}
	return find(s)
}

// surrounding is the first way that the environment names. A role that the environment names is meant for it.
func (s search) surrounding() (*origin, error) {
	for _, way := range Ways {
		if found, err := way.surrounding(s); found != nil || err != nil {
			if found != nil {
				found.surrounding = true
			}
			return found, err
		}
	}
	return nil, nil
}
