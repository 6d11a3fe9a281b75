package signin

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Where the vendor's tools keep credentials, under the user's home.
var (
	cliConfig      = filepath.Join(".aliyun", "config.json")
	sdkCredentials = filepath.Join(".alibabacloud", "credentials")
)

// profile is one that a file holds. It is opened anew when its credentials have expired: whoever put them there may
// have put others.
type profile struct {
	around Surroundings
	file   string
	name   string // empty: the current one, or the default
}

// namedProfile is one that the environment names, by its name, its file or both.
func (s Surroundings) namedProfile() (paiclient.CredentialSource, error) {
	name := s.get(profileNames...)
	variable, file := s.first(profileFiles...)
	if file != "" {
		source, err := profile{s, file, name}.source()
		if errors.Is(err, fs.ErrNotExist) {
			return nil, ownErrorf("the file %s, which %s names, isn't there", file, variable)
		}
		return source, err
	}
	if name == "" {
		return nil, nil
	}
	source, err := s.profileAtHome(name)
	if source == nil && err == nil {
		return nil, ownErrorf("there is no profile %q: neither %s nor %s is in the home directory", name, cliConfig, sdkCredentials)
	}
	return source, err
}

func (s Surroundings) defaultProfile() (paiclient.CredentialSource, error) {
	return s.profileAtHome("")
}

// profileAtHome is the CLI's, or the SDKs' where there is no file of the CLI.
func (s Surroundings) profileAtHome(name string) (paiclient.CredentialSource, error) {
	if s.Home == "" {
		return nil, nil // a relative path would lead into the working directory
	}
	files := []string{cliConfig, sdkCredentials}
	if s.isTrue("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") {
		files = files[1:]
	}
	for _, file := range files {
		source, err := profile{s, filepath.Join(s.Home, file), name}.source()
		if !errors.Is(err, fs.ErrNotExist) {
			return source, err
		}
	}
	return nil, nil
}

func (p profile) source() (paiclient.CredentialSource, error) {
	opened, err := p.open()
	if own := (ownError{}); err != nil && !errors.As(err, &own) {
		err = ownErrorf("%s: %s", p.file, reason(err))
	}
	if err != nil {
		return nil, err
	}
	made := newSource("a profile of "+p.file, "check the profile, for instance with `aliyun sts GetCallerIdentity`", p.open)
	made.made = opened
	return made, nil
}

// open tells the CLI's JSON from the SDKs' INI by what is in the file: ALIBABA_CLOUD_CREDENTIALS_FILE is a name for both.
func (p profile) open() (providers.CredentialsProvider, error) {
	content, err := os.ReadFile(p.file)
	if err != nil {
		return nil, ownErrorf("the credentials can't be read: %w", err)
	}
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) || filepath.Base(p.file) == filepath.Base(cliConfig) {
		return p.openCLI(content)
	}
	return p.openSDK(content)
}

// fixed are keys as a file holds them. The library's own would fill empty ones from the environment.
type fixed paiclient.Credentials

// GetCredentials gives the keys.
func (f fixed) GetCredentials() (*providers.Credentials, error) {
	return &providers.Credentials{
		AccessKeyId: f.AccessKeyID, AccessKeySecret: f.AccessKeySecret, SecurityToken: f.SecurityToken, ProviderName: f.GetProviderName(),
	}, nil
}

// GetProviderName is for the library, which tells STS of it.
func (f fixed) GetProviderName() string {
	if f.SecurityToken != "" {
		return "static_sts"
	}
	return "static_ak"
}
