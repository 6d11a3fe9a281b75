package provider

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// Patterns of names. Source: the API references of RAM and STS.
var (
	rolePattern         = regexp.MustCompile(`^acs:ram::[0-9]+:role/\S+$`)
	oidcProviderPattern = regexp.MustCompile(`^acs:ram::[0-9]+:oidc-provider/\S+$`)
	sessionNamePattern  = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
)

// credentialValidator returns a validator whose errors don't contain the value, because it is secret.
func credentialValidator() validator.String {
	return trimmedValidator("must be a key or token", paiclient.CheckCredential)
}

func regionValidator() validator.String {
	return trimmedValidator("must be a region ID", paiclient.CheckRegion)
}

func endpointValidator() validator.String {
	return trimmedValidator("must be a host or a URL", func(value string) error {
		_, err := paiclient.ParseEndpoint(value)
		return err
	})
}

func roleValidator() validator.String {
	return trimmedValidator("must be the ARN of a RAM role", checkRole)
}

// roleOrEmptyValidator returns a validator for role_arn, in which an empty string disables role assumption.
func roleOrEmptyValidator() validator.String {
	return trimmedValidator("must be the ARN of a RAM role or empty", func(value string) error {
		if value == "" {
			return nil
		}
		return checkRole(value)
	})
}

func checkRole(value string) error {
	if !rolePattern.MatchString(value) {
		return errors.New("use the form acs:ram::ACCOUNT_ID:role/ROLE_NAME")
	}
	return nil
}

func oidcProviderValidator() validator.String {
	return trimmedValidator("must be the ARN of an OIDC identity provider", func(value string) error {
		if !oidcProviderPattern.MatchString(value) {
			return errors.New("use the form acs:ram::ACCOUNT_ID:oidc-provider/PROVIDER_NAME")
		}
		return nil
	})
}

func sessionNameValidator() validator.String {
	return trimmedValidator("must be a session name", func(value string) error {
		if !sessionNamePattern.MatchString(value) {
			return errors.New(`use 2 to 64 letters, digits and characters of ".@_-"`)
		}
		return nil
	})
}

// webURLValidator returns a validator whose errors don't contain the value, because a path can be secret.
func webURLValidator() validator.String {
	return trimmedValidator("must be a URL", func(value string) error {
		parsed, err := url.Parse(value)
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
			return errors.New("start it with http:// or https:// and a host")
		}
		return nil
	})
}

func hostValidator() validator.String {
	return trimmedValidator("must be a host", func(value string) error {
		parsed, err := url.Parse("https://" + value)
		if err != nil || parsed.Host != value || parsed.Hostname() == "" {
			return errors.New("omit the scheme and the path, as in sts.cn-hangzhou.aliyuncs.com")
		}
		return nil
	})
}

func jsonObjectValidator() validator.String {
	return trimmedValidator("must be a policy in JSON", func(value string) error {
		var object map[string]any
		if json.Unmarshal([]byte(value), &object) != nil || object == nil {
			return errors.New("use a JSON object, for example from jsonencode")
		}
		return nil
	})
}

// trimmedValidator returns a validator that ignores whitespace around the value, as the provider does.
func trimmedValidator(description string, check func(string) error) validator.String {
	return validate.String(description, func(value string) error { return check(strings.TrimSpace(value)) })
}
