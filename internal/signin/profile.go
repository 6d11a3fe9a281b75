package signin

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
	"gopkg.in/ini.v1"

	"terraform.local/pai/terraform-provider-pai/internal/signin/configfile"
)

// The paths of the profile files of the CLI and of the SDKs, relative to the home directory.
var (
	cliConfig      = filepath.Join(".aliyun", "config.json")
	sdkCredentials = filepath.Join(".alibabacloud", "credentials")
)

// fileProfile is a profile in a file. The file is read again after the credentials have expired, because it may contain
// new ones.
type fileProfile struct {
	search search
	file   string
	name   string // if "", open sets it to the current or the default profile

	// Set by open.
	members  cliProfile // nil in a file of the SDKs
	region   string     // "" if the profile has none
	network  string     // paiclient.NetworkVPC, or "" if the profile selects none
	sts      profileRegions
	provider providers.CredentialsProvider
}

func (s search) profileOfBlock() (*selectedSource, error) {
	argument := s.firstSet([]string{"profile", "shared_credentials_file"})
	if variable := s.ignoresProfiles(); variable != "" {
		return nil, argumentErrorf(ProblemConflict, argument, "`%s` selects a profile, but %s disables all profiles: "+
			"remove the argument, or unset the variable", argument, variable)
	}
	source, err := s.configuredProfile()
	if _, ok := errors.AsType[*ArgumentError](err); err == nil || ok {
		return source, err
	}
	return nil, &ArgumentError{Argument: argument, Err: err}
}

func (s search) profileOfEnv() (*selectedSource, error) {
	if variable, _ := s.Lookup(Variables("profile", "shared_credentials_file")...); variable != "" {
		if err := s.checkIgnored(variable); err != nil {
			return nil, err
		}
	}
	return s.configuredProfile()
}

// checkIgnored returns an error if a variable disables all profiles. The error names it and the given variable, which
// selects a profile.
func (s search) checkIgnored(variable string) error {
	if ignore := s.ignoresProfiles(); ignore != "" {
		return safeErrorf("%s selects a profile, but %s disables all profiles: unset one of them", variable, ignore)
	}
	return nil
}

// configuredProfile returns the profile that the block or the environment sets. As in alicloud, one of them can set the
// name of the profile, and the other its file.
func (s search) configuredProfile() (*selectedSource, error) {
	name, nameVariable := s.fill("profile", s.Profile)
	file, fileVariable := s.fill("shared_credentials_file", s.SharedCredentialsFile)
	switch {
	case name == "" && file == "":
		return nil, errNotSet
	case file == "":
		files := []string{cliConfig, sdkCredentials}
		if nameVariable != "" && s.isTrue(profileDisabled) {
			files = files[1:]
		}
		source, err := s.profileInHome(name, files...)
		if errors.Is(err, errNotSet) {
			err = s.profileNotFound(name)
		}
		return source, err
	}
	path, err := s.expandHome(file)
	var source *selectedSource
	if err == nil {
		if source, err = s.profileInFile(path, name); !errors.Is(err, fs.ErrNotExist) {
			return source, err
		}
		err = safeErrorf("the file %s does not exist", path)
	}
	if fileVariable != "" {
		return nil, safeErrorf("%s: %w", fileVariable, err)
	}
	return nil, &ArgumentError{Argument: "shared_credentials_file", Err: err}
}

func (s search) profileNotFound(name string) error {
	if s.Home == "" {
		return safeErrorf("there is no profile %q, because the home directory is unknown: set `shared_credentials_file`",
			name)
	}
	if s.isTrue(profileDisabled) {
		return safeErrorf("there is no profile %q: %s does not exist, and %s disables the profiles of the CLI",
			name, filepath.Join(s.Home, sdkCredentials), profileDisabled)
	}
	return safeErrorf("there is no profile %q, because %s and %s do not exist: run `aliyun configure --profile %s`",
		name, filepath.Join(s.Home, cliConfig), filepath.Join(s.Home, sdkCredentials), name)
}

func (s search) currentCLIProfile() (*selectedSource, error) {
	if s.isTrue(profileDisabled) || s.ignoresProfiles() != "" {
		return nil, errNotSet
	}
	return s.profileInHome("", cliConfig)
}

func (s search) defaultSDKProfile() (*selectedSource, error) {
	if s.ignoresProfiles() != "" {
		return nil, errNotSet
	}
	return s.profileInHome("", sdkCredentials)
}

// profileInHome returns a profile in the first of the files that exists. It returns errNotSet if none exists.
func (s search) profileInHome(name string, files ...string) (*selectedSource, error) {
	if s.Home == "" {
		return nil, errNotSet // the paths would be relative to the working directory
	}
	for _, file := range files {
		source, err := s.profileInFile(filepath.Join(s.Home, file), name)
		if !errors.Is(err, fs.ErrNotExist) {
			return source, err
		}
	}
	return nil, errNotSet
}

// profileInFile opens the profile once, to check that it is complete and to read its region. It returns an error that
// wraps fs.ErrNotExist if the file doesn't exist.
func (s search) profileInFile(file, name string) (*selectedSource, error) {
	profile := fileProfile{search: s, file: file, name: name}
	opened, err := profile.open()
	if err != nil && !isSafe(err) {
		err = safeErrorf("%s: %s", file, cause(err))
	}
	if err != nil {
		return nil, err
	}
	_, hasKeys := opened.provider.(staticKeys)
	return &selectedSource{
		name: fmt.Sprintf("the profile %q of %s", opened.name, file), profile: opened.members, hasKeys: hasKeys,
		region: opened.region, network: opened.network, sts: opened.sts, advice: profileAdvice,
		build: func() (providers.CredentialsProvider, error) {
			opened, err := profile.open()
			return opened.provider, err
		},
	}, nil
}

// open reads the file and returns the profile with its provider. It detects from the content whether the file is the
// CLI's JSON or the SDKs' INI, because ALIBABA_CLOUD_CREDENTIALS_FILE can name both kinds of file.
func (p fileProfile) open() (fileProfile, error) {
	content, err := os.ReadFile(p.file)
	if err != nil {
		return p, safeErrorf("read the credentials: %w", err)
	}
	if err := p.checkEncoding(content); err != nil {
		return p, err
	}
	content = configfile.TrimMark(content)
	trimmed := bytes.TrimSpace(content)
	if bytes.HasPrefix(trimmed, []byte("{")) ||
		!bytes.Contains(trimmed, []byte("[")) && filepath.Base(p.file) == filepath.Base(cliConfig) {
		return p.openCLI(content) // also for an invalid config.json, so that the error names the CLI
	}
	return p.openSDK(content)
}

// sdkTypes maps each type of profile in the SDKs' file to the keys that must be set.
var sdkTypes = map[string][]string{
	"access_key":   {"access_key_id", "access_key_secret"},
	"ecs_ram_role": {"role_name"},
	"ram_role_arn": {"access_key_id", "access_key_secret", "role_arn", "role_session_name"},
}

// openSDK opens a profile of the SDKs' file. It doesn't use the library's parser, because the library determines the
// path of the file itself.
func (p fileProfile) openSDK(content []byte) (fileProfile, error) {
	// Without this option, a section [a.b] would inherit the keys of [a].
	file, err := ini.LoadSources(ini.LoadOptions{ChildSectionDelimiter: "\x00"}, content)
	if err != nil {
		// The parser's error is not wrapped: it repeats a line, which may contain a secret.
		return p, safeErrorf("%s is neither an INI file of the SDKs nor the JSON of the Alibaba Cloud CLI", p.file)
	}
	p.name = cmp.Or(p.name, defaultProfile)
	section, err := file.GetSection(p.name)
	if err != nil {
		return p, safeErrorf("%s has no section [%s]", p.file, p.name)
	}
	value := func(key string) string { return strings.TrimSpace(section.Key(key).String()) }
	required, ok := sdkTypes[value("type")]
	if !ok {
		return p, safeErrorf("the section [%s] of %s has the unsupported type %q: use one of %s",
			p.name, p.file, value("type"), strings.Join(slices.Sorted(maps.Keys(sdkTypes)), ", "))
	}
	for _, key := range required {
		if value(key) == "" {
			return p, safeErrorf("the section [%s] of %s (type %s) has no `%s`: set it", p.name, p.file, value("type"), key)
		}
	}
	p.provider, err = p.openSDKType(value)
	return p, err
}

func (p fileProfile) openSDKType(value func(key string) string) (providers.CredentialsProvider, error) {
	keys := staticKeys{AccessKeyID: value("access_key_id"), AccessKeySecret: value("access_key_secret")}
	switch value("type") {
	case "access_key":
		return keys, nil
	case "ecs_ram_role":
		setBy := fmt.Sprintf("the section [%s] of %s (type ecs_ram_role)", p.name, p.file)
		return p.search.openECSRole(value("role_name"), setBy)
	}
	if p.search.replacesRole() {
		return keys, nil
	}
	r, err := p.search.completeRole(assumedRole{
		arn: value("role_arn"), sessionName: value("role_session_name"), policy: value("policy"),
	}, profileRegions{})
	if err != nil {
		return nil, err
	}
	assumed, err := r.provider(keys)
	if err != nil {
		return nil, err
	}
	return p.wrap(r.String(), r.advice(), assumed), nil
}
