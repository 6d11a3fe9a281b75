package signin

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Source is a credential source as the documentation lists it: what selects the source, and how to read it.
type Source struct {
	Name      string
	Arguments []string // arguments of the provider block, each of which selects the source
	Variables []string // environment variables, each of which selects the source
	File      string   // relative to the home directory; the source is used if the file exists

	find func(search) (*selectedSource, error) // returns errNotSet if the search should continue with the next source
}

// Sources contains all credential sources, in search order.
var Sources = slices.Concat(blockSources, envSources, defaultSources)

// Names of the sources that the block or the environment can set.
const (
	sourceKeys    = "static keys"
	sourceProfile = "profile"
	sourceSidecar = "sidecar"
	sourceECSRole = "ECS role"
	sourceOIDC    = "OIDC"
)

// blockSources and envSources have the order in which the alicloud provider uses sources.
var blockSources = []Source{
	{Name: sourceKeys, Arguments: []string{"access_key", "secret_key", "security_token"}, find: search.keysOfBlock},
	{Name: sourceProfile, Arguments: []string{"profile", "shared_credentials_file"}, find: search.profileOfBlock},
	{Name: sourceSidecar, Arguments: []string{"credentials_uri"}, find: search.sidecarOfBlock},
	{Name: sourceECSRole, Arguments: []string{"ecs_role_name"}, find: search.ecsRoleOfBlock},
	{Name: sourceOIDC, Arguments: []string{"assume_role_with_oidc"}, find: search.oidcOfBlock},
}

var envSources = []Source{
	{Name: sourceKeys, Variables: keyVariables(), find: search.keysOfEnv},
	{Name: sourceProfile, Variables: Variables("profile", "shared_credentials_file"), find: search.profileOfEnv},
	{Name: sourceSidecar, Variables: Variables("credentials_uri"), find: search.sidecarOfEnv},
	{Name: sourceECSRole, Variables: Variables("ecs_role_name"), find: search.ecsRoleOfEnv},
	{Name: sourceOIDC, Variables: oidcVariables, find: search.oidcOfEnv},
}

var defaultSources = []Source{
	{Name: "current profile of the Alibaba Cloud CLI", File: cliConfig, find: search.currentCLIProfile},
	{Name: "default profile of the SDKs", File: sdkCredentials, find: search.defaultSDKProfile},
	{Name: "role of the ECS instance", find: search.attachedECSRole},
}

// errNotSet means that a source is not set. Find then continues with the next source.
var errNotSet = errors.New("the credential source is not set")

// Environment variables of the SDKs that disable a feature if their value is "true", ignoring case.
const (
	metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	imdsV1Disabled   = "ALIBABA_CLOUD_IMDSV1_DISABLED"
	profileDisabled  = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
)

// selectedSource is the source that the search selected, or a role that is assumed with it.
type selectedSource struct {
	name    string                 // shown in errors
	profile cliProfile             // nil if the source is not a profile of the CLI
	hasKeys bool                   // whether the profile contains the keys; false if it issues sessions
	region  string                 // the region of the profile, "" if there is none
	network string                 // the network of the profile, "" if there is none
	sts     profileRegions         // the settings of the profile for STS
	keys    *paiclient.Credentials // set for static keys; nil if build is set
	build   func() (providers.CredentialsProvider, error)
	advice  advice // shown if the credentials can't be fetched
}

// search is the input of a search. Each of the methods that Sources refers to reads one source.
type search struct {
	Configuration
	Env
	warnings *[]Warning
}

// Find returns the first source in Sources that is set. If a role is configured, the result assumes the role with the
// credentials of that source. Find reads files and sends no requests.
//
// It returns the error of Check, if any, and an error if no source is set or if the selected source is invalid. An
// error about an argument of the provider block is an *ArgumentError.
func Find(config Configuration, env Env) (*Result, error) {
	s := search{config, env, new([]Warning)}
	if err := s.Check(); err != nil {
		return nil, err
	}
	for _, candidate := range Sources {
		if candidate.Arguments != nil && s.firstSet(candidate.Arguments) == "" {
			continue
		}
		source, err := candidate.find(s)
		if errors.Is(err, errNotSet) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := s.compareWithAlicloud(candidate, source); err != nil {
			return nil, err
		}
		if source, err = s.assumeRole(source); err != nil {
			return nil, err
		}
		return &Result{
			Credentials: source.credentials(), Region: source.region, Network: source.network, Name: source.name,
			Sessions: source.keys == nil && !source.hasKeys, Warnings: *s.warnings,
		}, nil
	}
	return nil, &explainedError{
		cause:  safeErrorf("%s", setupFix()),
		advice: s.setupAdvice() + ".\n\n" + metadataDisabled + " disables the role of the ECS instance",
	}
}

// Check returns an error if the provider block selects two sources, or if the block assume_role_with_oidc is invalid.
// It doesn't read the environment or files.
func (c Configuration) Check() error {
	first := ""
	for _, candidate := range blockSources {
		argument := c.firstSet(candidate.Arguments)
		if first != "" && argument != "" {
			return argumentErrorf(ProblemConflict, argument, "`%s` and `%s` select different credentials: set only one of them",
				first, argument)
		}
		first = cmp.Or(first, argument)
	}
	if c.OIDC != nil {
		return c.OIDC.check()
	}
	return nil
}

// setupFix returns that no credential source is set, and the simplest ways to set one.
func setupFix() string {
	const family = 1 // the variables that the Alibaba Cloud CLI and the SDKs read, too
	return fmt.Sprintf("no credential source is set. Run `aliyun configure`, or set the environment variables %s and %s",
		Variables("access_key")[family], Variables("secret_key")[family])
}

// setupAdvice returns the other ways to set a credential source, and the variables and files that were searched. It
// omits the role of the ECS instance.
func (s search) setupAdvice() string {
	var variables []string
	for _, candidate := range envSources {
		for _, variable := range candidate.Variables {
			if !strings.HasPrefix(variable, "ALIBABACLOUD_") {
				variables = append(variables, variable)
			}
		}
	}
	files := "The home directory is unknown, so no default files were read"
	if variable := s.ignoresProfiles(); variable != "" {
		files = variable + " disables all profiles"
	} else if s.Home != "" {
		files = filepath.Join(s.Home, cliConfig) + " and " + filepath.Join(s.Home, sdkCredentials) + " do not exist"
		if s.isTrue(profileDisabled) {
			files = filepath.Join(s.Home, sdkCredentials) + " does not exist, and " + profileDisabled +
				" disables the profiles of the CLI"
		}
	}
	unsupported := ""
	if set := s.setVariables(unsupportedVariables); len(set) > 0 {
		unsupported = ". The provider does not support the variables " + strings.Join(set, ", ")
	}
	return fmt.Sprintf("you can also set `access_key` and `secret_key`, `profile`, `assume_role_with_oidc`, "+
		"`credentials_uri` or `ecs_role_name` in the provider block.\n\nVariables searched, some also as "+
		"ALIBABACLOUD_*: %s. %s%s",
		strings.Join(variables, ", "), files, unsupported)
}

// credentials returns the source in the form that paiclient needs: static keys, or a cache.
func (s *selectedSource) credentials() paiclient.CredentialSource {
	if s.keys != nil {
		return paiclient.StaticCredentials(*s.keys)
	}
	return newCache(s.open)
}

// open returns a new provider of the library. A role's provider contains a new provider for the credentials that the
// role is assumed with.
func (s *selectedSource) open() (providers.CredentialsProvider, error) {
	if s.keys != nil {
		return staticKeys(*s.keys), nil
	}
	provider, err := s.build()
	if err != nil {
		return nil, newSourceError(s.name, s.advice, err)
	}
	return &namedProvider{s.name, s.advice, provider}, nil
}

// Env is the environment of the process, or of a test.
type Env struct {
	Getenv func(string) string // returns "" for an unset variable, as os.Getenv does
	Home   string              // the user's home directory, "" if unknown
}

// Lookup returns the first of the variables that is set, and its value. Both are "" if none is set. It trims whitespace
// from the value, because files and the secrets of CI services often end with a newline.
func (e Env) Lookup(variables ...string) (variable, value string) {
	for _, variable := range variables {
		if value := strings.TrimSpace(e.Getenv(variable)); value != "" {
			return variable, value
		}
	}
	return "", ""
}

// value returns the value of the first of the variables that is set, or "" if none is.
func (e Env) value(variables ...string) string {
	_, value := e.Lookup(variables...)
	return value
}

// isTrue reports whether the variable is set to "true", ignoring case.
func (e Env) isTrue(variable string) bool { return strings.EqualFold(e.value(variable), "true") }

// expandHome replaces a leading ~ in the path of a file with the home directory. It returns any other path unchanged,
// including ~user/file.
func (e Env) expandHome(file string) (string, error) {
	rest, ok := strings.CutPrefix(file, "~")
	switch {
	case !ok || rest != "" && !os.IsPathSeparator(rest[0]):
		return file, nil
	case e.Home == "":
		return "", safeErrorf("%s can't be expanded: the home directory is unknown", file)
	}
	return filepath.Join(e.Home, rest), nil
}

// HomeDir returns the home directory of the user, or "" if it is unknown. If HOME (on Windows, USERPROFILE) is not set,
// as in services and some containers, it asks the account database of the operating system.
func HomeDir() string {
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	account, err := user.Current()
	if err != nil {
		return ""
	}
	return account.HomeDir
}
