package signin

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// Where the vendor's tools keep credentials, under the user's home.
var (
	cliConfig      = filepath.Join(".aliyun", "config.json")
	sdkCredentials = filepath.Join(".alibabacloud", "credentials")
)

// profile is one that a file holds. It is opened anew when its credentials have expired: whoever put them there may
// have put others.
type profile struct {
	search search
	file   string
	name   string // empty: the current one, or the default; once opened, its name
	region string // once opened, that it names

	provider providers.CredentialsProvider
}

func (s search) configuredProfile() (*origin, error) {
	argument := "profile"
	if s.Profile == "" {
		argument = "shared_credentials_file"
	}
	file, err := s.path(s.SharedCredentialsFile)
	if err != nil {
		return nil, &ArgumentError{"shared_credentials_file", err}
	}
	var found *origin
	if file == "" {
		found, err = s.profileAtHome(s.Profile, cliConfig, sdkCredentials)
		if found == nil && err == nil {
			err = s.notAtHome(s.Profile)
		}
	} else if found, err = s.profileOf(file, s.Profile); errors.Is(err, fs.ErrNotExist) {
		argument, err = "shared_credentials_file", ownErrorf("the file %s isn't there", file)
	}
	if err != nil {
		return nil, &ArgumentError{argument, err}
	}
	return found, nil
}

// surroundingProfile is one that the environment names, by its name, its file or both.
func (s search) surroundingProfile() (*origin, error) {
	name := s.get(Environment("profile")...)
	variable, file := s.first(Environment("shared_credentials_file")...)
	if file != "" {
		file, err := s.path(file)
		if err != nil {
			return nil, ownErrorf("%s: %w", variable, err)
		}
		found, err := s.profileOf(file, name)
		if errors.Is(err, fs.ErrNotExist) {
			err = ownErrorf("the file %s, which %s names, isn't there", file, variable)
		}
		return found, err
	}
	if name == "" {
		return nil, nil
	}
	files := []string{cliConfig, sdkCredentials}
	if s.isTrue(profileDisabled) {
		files = files[1:]
	}
	found, err := s.profileAtHome(name, files...)
	if found == nil && err == nil {
		err = s.notAtHome(name)
	}
	return found, err
}

func (s search) notAtHome(name string) error {
	if s.Home == "" {
		return ownErrorf("the profile %q can't be looked for, as no home directory is known", name)
	}
	if s.isTrue(profileDisabled) {
		return ownErrorf("there is no profile %q: %s isn't in the home directory, and %s forbids to read the CLI's", name, sdkCredentials, profileDisabled)
	}
	return ownErrorf("there is no profile %q: neither %s nor %s is in the home directory", name, cliConfig, sdkCredentials)
}

func (s search) cliAtHome() (*origin, error) {
	if s.isTrue(profileDisabled) {
		return nil, nil
	}
	return s.profileAtHome("", cliConfig)
}

func (s search) sdkAtHome() (*origin, error) { return s.profileAtHome("", sdkCredentials) }

// profileAtHome is that of the first of the files that is there.
func (s search) profileAtHome(name string, files ...string) (*origin, error) {
	if s.Home == "" {
		return nil, nil // a relative path would lead into the working directory
	}
	for _, file := range files {
		found, err := s.profileOf(filepath.Join(s.Home, file), name)
		if !errors.Is(err, fs.ErrNotExist) {
			return found, err
		}
	}
	return nil, nil
}

// profileOf opens a profile once to see whether it is whole, and which region it names.
func (s search) profileOf(file, name string) (*origin, error) {
	opened, err := profile{search: s, file: file, name: name}.open()
	if own := (ownError{}); err != nil && !errors.As(err, &own) {
		err = ownErrorf("%s: %s", file, reason(err))
	}
	if err != nil {
		return nil, err
	}
	return &origin{
		name: "the profile " + opened.name + " of " + file, region: opened.region, advice: profileAdvice,
		build: func() (providers.CredentialsProvider, error) {
			again, err := profile{search: s, file: file, name: name}.open()
			return again.provider, err
		},
	}, nil
}

// open tells the CLI's JSON from the SDKs' INI by what is in the file: ALIBABA_CLOUD_CREDENTIALS_FILE is a name for both.
func (p profile) open() (profile, error) {
	content, err := os.ReadFile(p.file)
	if err != nil {
		return p, ownErrorf("the credentials can't be read: %w", err)
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")) // as editors of Windows begin a file
	trimmed := bytes.TrimSpace(content)
	if bytes.HasPrefix(trimmed, []byte("{")) || !bytes.Contains(trimmed, []byte("[")) && filepath.Base(p.file) == filepath.Base(cliConfig) {
		return p.openCLI(content) // which says what is wrong with one that is broken or empty
	}
	return p.openSDK(content)
}

// path gives the path of a file with the user's home in place of a tilde, which only a shell would know.
func (s Surroundings) path(file string) (string, error) {
	rest, tilde := strings.CutPrefix(file, "~")
	switch {
	case !tilde || rest != "" && !os.IsPathSeparator(rest[0]): // ~name is somebody else's, and is left as it is
		return file, nil
	case s.Home == "":
		return "", ownErrorf("%s can't be found, as no home directory is known", file)
	}
	return filepath.Join(s.Home, rest), nil
}
