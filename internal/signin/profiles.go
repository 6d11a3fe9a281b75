package signin

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// Where the vendor's tools keep credentials, under the user's home.
var (
	cliConfig      = filepath.Join(".aliyun", "config.json")
	sdkCredentials = filepath.Join(".alibabacloud", "credentials")
)

// profile is a profile of the Alibaba Cloud CLI, or of the SDKs' credentials file where there is no file of the CLI. An
// empty name means the current one, or the default. It is nil where nobody named a file or a profile and there is none.
func (s Surroundings) profile(name string) (*source, error) {
	file := s.get("ALIBABA_CLOUD_CONFIG_FILE", "ALICLOUD_SHARED_CREDENTIALS_FILE")
	if file == "" {
		file = filepath.Join(s.Home, cliConfig)
		if !exists(file) {
			return s.sdkProfile(name)
		}
	}
	if err := checkCLIConfig(file, name); err != nil {
		return nil, err
	}
	return newSource("the Alibaba Cloud CLI's "+file, func() (providers.CredentialsProvider, error) {
		return providers.NewCLIProfileCredentialsProviderBuilder().WithProfileFile(file).WithProfileName(name).Build()
	}), nil
}

// sdkProfile is a section of the SDKs' file. The library finds the file by itself, where it is looked for here.
func (s Surroundings) sdkProfile(name string) (*source, error) {
	file := s.get("ALIBABA_CLOUD_CREDENTIALS_FILE")
	if file == "" {
		file = filepath.Join(s.Home, sdkCredentials)
	}
	switch {
	case exists(file):
	case name != "":
		return nil, fmt.Errorf("no profile %q: there is neither %s nor %s", name, filepath.Join("~", cliConfig), file)
	case s.get("ALIBABA_CLOUD_CREDENTIALS_FILE") != "":
		return nil, fmt.Errorf("the file %s, which ALIBABA_CLOUD_CREDENTIALS_FILE names, isn't there", file)
	default:
		return nil, nil
	}
	if name == "" {
		name = "default"
	}
	return newSource("the credentials file "+file, func() (providers.CredentialsProvider, error) {
		return providers.NewProfileCredentialsProviderBuilder().WithProfileName(name).Build()
	}), nil
}

// checkCLIConfig reads the file before the library does: the library's error about a file that it can't read repeats
// the file, secrets included.
func checkCLIConfig(file, name string) error {
	content, err := os.ReadFile(file) //nolint:gosec // the user's own file, named by the user
	if err != nil {
		return fmt.Errorf("the Alibaba Cloud CLI's configuration can't be read: %w", err)
	}
	var config struct {
		Current  string `json:"current"`
		Profiles []struct {
			Name string `json:"name"`
		} `json:"profiles"`
	}
	if json.Unmarshal(content, &config) != nil {
		return fmt.Errorf("%s is not the JSON that the Alibaba Cloud CLI writes", file)
	}
	if name == "" {
		name = config.Current
	}
	for _, profile := range config.Profiles {
		if profile.Name == name {
			return nil
		}
	}
	return fmt.Errorf("%s has no profile %q", file, name)
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
