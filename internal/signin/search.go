// Package signin finds the credentials that sign requests. Ways to sign in stand in layers; the first layer that names
// any way decides, and a source that is there and broken is an error, never a reason to try the next: signing with
// another account than the one that was meant is worse than not signing.
package signin

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// Switches of the SDKs, which are true or are not set.
const (
	metadataDisabled = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	oldTokenDisabled = "ALIBABA_CLOUD_IMDSV1_DISABLED"
	profileDisabled  = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
)

// Surroundings are where credentials are looked for beside the provider block. The vendor's library is told all that is
// found in them: what it is not told it takes from the environment by itself.
type Surroundings struct {
	Getenv func(string) string // empty is unset
	Home   string              // of the user; empty where there is none
}

// search looks for what signs in.
type search struct {
	Configuration
	Surroundings
}

// origin is where credentials come from: a way, as a layer names it, or a role on top of one.
type origin struct {
	name        string                   // for sentences
	advice      func(code string) string // what to do where it gives no credentials, and the answer held this code
	keys        *paiclient.Credentials   // that never change, where nothing is to be fetched
	build       func() (providers.CredentialsProvider, error)
	region      string // that a profile names
	surrounding bool   // the environment names it
}

// Find gives what signs in: the way that the provider block names; else the first that the environment names; else the
// current profile of the Alibaba Cloud CLI, the SDKs' credentials file, the role of the ECS instance that this runs on.
// On top of it there may be a role to assume. Files are read, but nothing is sent before credentials are asked for.
func Find(config Configuration, around Surroundings) (*Found, error) {
	s := search{config, around}
	for _, layer := range Layers {
		found, err := layer.find(s)
		if err == nil && found != nil {
			found, err = s.withRole(found)
		}
		if err != nil {
			return nil, err
		}
		if found != nil {
			return &Found{Source: found.source(), Region: found.region, Way: found.name}, nil
		}
	}
	return nil, fmt.Errorf("there is nothing to sign in with. %s. No instance is asked, as %s is set", s.whereLooked(), metadataDisabled)
}

func (o *origin) source() paiclient.CredentialSource {
	if o.keys != nil {
		return paiclient.StaticCredentials(*o.keys)
	}
	return newSource(o.open)
}

// open makes the library's provider anew, with whatever stands below it.
func (o *origin) open() (providers.CredentialsProvider, error) {
	if o.keys != nil {
		return fixed(*o.keys), nil
	}
	provider, err := o.build()
	if below := (*failure)(nil); errors.As(err, &below) {
		return nil, err
	}
	if err != nil {
		return nil, &failure{o.name, o.advice, err}
	}
	return &step{o.name, o.advice, provider}, nil
}

// whereLooked says what to set, and then what was looked at before the instance's role.
func (s search) whereLooked() string {
	var variables []string
	for _, way := range Ways {
		variables = append(variables, way.Environment...)
	}
	files := "no home directory is known to look for files in"
	if s.Home != "" {
		cli := filepath.Join(s.Home, cliConfig) + " isn't there"
		if s.isTrue(profileDisabled) {
			cli = "the profiles of the CLI are disabled by " + profileDisabled
		}
		files = fmt.Sprintf("%s, %s isn't there", cli, filepath.Join(s.Home, sdkCredentials))
	}
	return fmt.Sprintf("Set access_key and secret_key, profile, assume_role_with_oidc, credentials_uri or ecs_role_name in the provider "+
		"block, or the environment variables %s and %s, or run `aliyun configure`. So far, the provider block names no way to sign in, none of "+
		"the environment variables %s is set, and %s",
		Environment("access_key")[0], Environment("secret_key")[0], strings.Join(slices.Compact(variables), ", "), files)
}

// first gives the first of the variables that is set, and its value, without the line end that a file or a CI's secret
// leaves on it.
func (s Surroundings) first(variables ...string) (variable, value string) {
	for _, variable := range variables {
		if value := strings.TrimSpace(s.Getenv(variable)); value != "" {
			return variable, value
		}
	}
	return "", ""
}

func (s Surroundings) get(variables ...string) string {
	_, value := s.first(variables...)
	return value
}

func (s Surroundings) isTrue(variable string) bool {
	return strings.EqualFold(s.get(variable), "true")
}
