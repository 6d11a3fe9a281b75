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
	region   string // "" if the profile has none
	provider providers.CredentialsProvider
}

func (s search) profileOfBlock() (*selectedSource, error) {
	argument := "profile"
	if s.Profile == "" {
		argument = "shared_credentials_file"
	}
	file, err := s.expandHome(s.SharedCredentialsFile)
	if err != nil {
		return nil, &ArgumentError{Argument: "shared_credentials_file", Err: err}
	}
	var source *selectedSource
	if file == "" {
		source, err = s.profileInHome(s.Profile, cliConfig, sdkCredentials)
	} else if source, err = s.profileInFile(file, s.Profile); errors.Is(err, fs.ErrNotExist) {
		argument, err = "shared_credentials_file", safeErrorf("the file %s does not exist", file)
	}
	if errors.Is(err, errNotSet) {
		err = s.profileNotFound(s.Profile)
	}
	if err != nil {
		return nil, &ArgumentError{Argument: argument, Err: err}
	}
	return source, nil
}

func (s search) profileOfEnv() (*selectedSource, error) {
	name := s.value(Variables("profile")...)
	variable, file := s.lookup(Variables("shared_credentials_file")...)
	if file != "" {
		path, err := s.expandHome(file)
		if err != nil {
			return nil, safeErrorf("%s: %w", variable, err)
		}
		source, err := s.profileInFile(path, name)
		if errors.Is(err, fs.ErrNotExist) {
			err = safeErrorf("%s is set to the file %s, which does not exist", variable, path)
		}
		return source, err
	}
	if name == "" {
		return nil, errNotSet
	}
	files := []string{cliConfig, sdkCredentials}
	if s.isTrue(profileDisabled) {
		files = files[1:]
	}
	source, err := s.profileInHome(name, files...)
	if errors.Is(err, errNotSet) {
		err = s.profileNotFound(name)
	}
	return source, err
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
	if s.isTrue(profileDisabled) {
		return nil, errNotSet
	}
	return s.profileInHome("", cliConfig)
}

func (s search) defaultSDKProfile() (*selectedSource, error) {
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
	opened, err := fileProfile{search: s, file: file, name: name}.open()
	if err != nil && !isSafe(err) {
		err = safeErrorf("%s: %s", file, cause(err))
	}
	if err != nil {
		return nil, err
	}
	return &selectedSource{
		name: fmt.Sprintf("the profile %q of %s", opened.name, file), region: opened.region, advice: profileAdvice,
		build: func() (providers.CredentialsProvider, error) {
			opened, err := fileProfile{search: s, file: file, name: name}.open()
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
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")) // some editors on Windows write a byte order mark
	trimmed := bytes.TrimSpace(content)
	if bytes.HasPrefix(trimmed, []byte("{")) ||
		!bytes.Contains(trimmed, []byte("[")) && filepath.Base(p.file) == filepath.Base(cliConfig) {
		return p.openCLI(content) // also for an empty or invalid config.json, so that the error names the CLI
	}
	return p.openSDK(content)
}

// wrap adds a name to the provider and returns it. Errors contain this name, which consists of the profile and the
// file.
func (p fileProfile) wrap(name string, a advice, provider providers.CredentialsProvider) *namedProvider {
	return &namedProvider{fmt.Sprintf("%s of the profile %q of %s", name, p.name, p.file), a, provider}
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
	p.name = cmp.Or(p.name, "default")
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
		if p.search.isTrue(metadataDisabled) {
			return nil, safeErrorf("the section [%s] of %s has the type ecs_ram_role, which needs the metadata of the ECS "+
				"instance, but %s disables it", p.name, p.file, metadataDisabled)
		}
		return p.search.openECSRole(value("role_name"))
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
