package signin

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Source is a credential source, as the documentation lists it.
type Source struct {
	Name      string
	Arguments []string // of the provider block, each of which selects the source
	Variables []string // environment variables, each of which selects the source
	File      string   // relative to the home directory; the source is used if the file exists

	find func(search) (*foundSource, error) // returns errNotSet to continue with the next source
}

// Sources are all credential sources, in search order.
var Sources = slices.Concat(blockSources, envSources, defaultSources)

var blockSources = []Source{
	{Name: "static keys", Arguments: []string{"access_key", "secret_key", "security_token"}, find: search.keysOfBlock},
	{Name: "OIDC", Arguments: []string{"assume_role_with_oidc"}, find: search.oidcOfBlock},
	{Name: "profile", Arguments: []string{"profile", "shared_credentials_file"}, find: search.profileOfBlock},
	{Name: "sidecar", Arguments: []string{"credentials_uri"}, find: search.sidecarOfBlock},
	{Name: "ECS role", Arguments: []string{"ecs_role_name"}, find: search.ecsRoleOfBlock},
}

var envSources = []Source{
	{Name: "static keys", Variables: keyVariables(), find: search.keysOfEnv},
	{Name: "OIDC", Variables: oidcVariables, find: search.oidcOfEnv},
	{Name: "profile", Variables: Variables("profile", "shared_credentials_file"), find: search.profileOfEnv},
	{Name: "sidecar", Variables: Variables("credentials_uri"), find: search.sidecarOfEnv},
	{Name: "ECS role", Variables: Variables("ecs_role_name"), find: search.ecsRoleOfEnv},
}

var defaultSources = []Source{
	{Name: "current profile of the Alibaba Cloud CLI", File: cliConfig, find: search.currentCLIProfile},
	{Name: "default profile of the SDKs", File: sdkCredentials, find: search.defaultSDKProfile},
	{Name: "role of the ECS instance", find: search.attachedECSRole},
}

// errNotSet reports that a credential source isn't set, so that the next one is tried.
var errNotSet = errors.New("the credential source is not set")

// Switches of the SDKs, on if "true".
const (
	metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	imdsV1Disabled   = "ALIBABA_CLOUD_IMDSV1_DISABLED"
	profileDisabled  = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
)

// foundSource is a credential source that is set, or a role assumed with one.
type foundSource struct {
	name    string                 // for errors
	region  string                 // of a profile that has one
	fromEnv bool                   // an environment variable selected it
	keys    *paiclient.Credentials // of static keys; otherwise build is set
	build   func() (providers.CredentialsProvider, error)
	advice  advice // for credentials that can't be fetched
}

// search is the input of a search. Its methods look for one source each.
type search struct {
	Configuration
	Env
}

// Find returns the first credential source that is set, in the order of Sources, with the role that is assumed with it.
// It reads files and sends nothing. An error about an argument of the provider block is an *ArgumentError.
func Find(config Configuration, env Env) (*Found, error) {
	s := search{config, env}
	if err := s.checkOneSource(); err != nil {
		return nil, err
	}
	for _, candidate := range Sources {
		if candidate.Arguments != nil && s.firstSet(candidate.Arguments) == "" {
			continue
		}
		found, err := candidate.find(s)
		if errors.Is(err, errNotSet) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found.fromEnv = candidate.Variables != nil
		if found, err = s.assumeRole(found); err != nil {
			return nil, err
		}
		return &Found{Source: found.credentials(), Region: found.region, Name: found.name}, nil
	}
	return nil, fmt.Errorf("no credential source is set: %s; %s disables the role of the ECS instance",
		s.howToSet(), metadataDisabled)
}

// checkOneSource returns an error if the provider block selects two sources.
func (c Configuration) checkOneSource() error {
	first := ""
	for _, candidate := range blockSources {
		argument := c.firstSet(candidate.Arguments)
		if first != "" && argument != "" {
			return argumentErrorf(argument,
				"the arguments %s and %s select different credentials: set only one", first, argument)
		}
		first = cmp.Or(first, argument)
	}
	return nil
}

// howToSet returns how to set a source, and where the search found none. The role of the ECS instance is not mentioned.
func (s search) howToSet() string {
	var variables []string
	for _, candidate := range envSources {
		variables = append(variables, candidate.Variables...)
	}
	files := "no home directory is known"
	if s.Home != "" {
		cli := filepath.Join(s.Home, cliConfig) + " does not exist"
		if s.enabled(profileDisabled) {
			cli = profileDisabled + " disables the profiles of the CLI"
		}
		files = cli + ", " + filepath.Join(s.Home, sdkCredentials) + " does not exist"
	}
	return fmt.Sprintf("set access_key and secret_key, profile, assume_role_with_oidc, credentials_uri or ecs_role_name "+
		"in the provider block, set the environment variables %s and %s, or run `aliyun configure` (the provider block "+
		"selects no source; none of these environment variables is set: %s; %s)",
		Variables("access_key")[0], Variables("secret_key")[0], strings.Join(slices.Compact(variables), ", "), files)
}

// credentials returns the source as paiclient uses it.
func (s *foundSource) credentials() paiclient.CredentialSource {
	if s.keys != nil {
		return paiclient.StaticCredentials(*s.keys)
	}
	return newCache(s.open)
}

// open returns a new provider of the library, with new providers for the sources that it uses itself.
func (s *foundSource) open() (providers.CredentialsProvider, error) {
	if s.keys != nil {
		return staticKeys(*s.keys), nil
	}
	provider, err := s.build()
	if err != nil {
		return nil, newSourceError(s.name, s.advice, err)
	}
	return &namedProvider{s.name, s.advice, provider}, nil
}

// Env is the environment of the process.
type Env struct {
	Getenv func(string) string // an empty variable is unset
	Home   string              // the user's home directory, "" if unknown
}

// lookup returns the first of the variables that is set, and its value without surrounding white space: files and the
// secrets of CI services often end with a newline. Both are "" if none is set.
func (e Env) lookup(variables ...string) (variable, value string) {
	for _, variable := range variables {
		if value := strings.TrimSpace(e.Getenv(variable)); value != "" {
			return variable, value
		}
	}
	return "", ""
}

// value returns the value of the first of the variables that is set.
func (e Env) value(variables ...string) string {
	_, value := e.lookup(variables...)
	return value
}

// enabled reports whether a switch is on.
func (e Env) enabled(variable string) bool { return strings.EqualFold(e.value(variable), "true") }

// expandHome returns the path of a file with the home directory instead of a leading ~. A path such as ~user/file is
// returned unchanged.
func (e Env) expandHome(file string) (string, error) {
	rest, ok := strings.CutPrefix(file, "~")
	switch {
	case !ok || rest != "" && !os.IsPathSeparator(rest[0]):
		return file, nil
	case e.Home == "":
		return "", safeErrorf("%s can't be expanded: no home directory is known", file)
	}
	return filepath.Join(e.Home, rest), nil
}
