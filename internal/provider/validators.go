package provider

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// Patterns of names. Source: the API references of RAM and STS.
var (
	rolePattern         = regexp.MustCompile(`^acs:ram::[0-9]+:role/\S+$`)
	oidcProviderPattern = regexp.MustCompile(`^acs:ram::[0-9]+:oidc-provider/\S+$`)
	sessionNamePattern  = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
)

// credentialValidator returns a validator for keys and tokens. Its errors omit the value, because it is secret.
func credentialValidator() validator.String {
	return trimmedValidator("must be a key or token", func(value string) error {
		if err := paiclient.CheckCredential(value); err != nil {
			return fmt.Errorf("the value %w: remove them", err)
		}
		return nil
	})
}

// endpointValidator returns a validator for endpoints. Its errors omit the value, because a URL can contain a password.
func endpointValidator() validator.String {
	return trimmedValidator("must be a host or a URL", paiclient.CheckEndpoint)
}

func roleValidator() validator.String {
	return trimmedValidator("must be the ARN of a RAM role", func(value string) error {
		if !rolePattern.MatchString(value) {
			return fmt.Errorf("%s is not the ARN of a RAM role: use the form acs:ram::ACCOUNT_ID:role/ROLE_NAME",
				hcltext.Quote(value))
		}
		return nil
	})
}

func oidcProviderValidator() validator.String {
	return trimmedValidator("must be the ARN of an OIDC identity provider", func(value string) error {
		if !oidcProviderPattern.MatchString(value) {
			return fmt.Errorf("%s is not the ARN of an OIDC identity provider: use the form "+
				"acs:ram::ACCOUNT_ID:oidc-provider/PROVIDER_NAME", hcltext.Quote(value))
		}
		return nil
	})
}

func sessionNameValidator() validator.String {
	return trimmedValidator("must be a session name", func(value string) error {
		if !sessionNamePattern.MatchString(value) {
			return fmt.Errorf("%s is not a session name: use 2 to 64 characters, each of them a letter, a digit, or one of "+
				"`.`, `@`, `_` and `-`", hcltext.Quote(value))
		}
		return nil
	})
}

func sidecarValidator() validator.String {
	return trimmedValidator("must be a URL", func(value string) error {
		if err := signin.CheckSidecar(value); err != nil {
			return fmt.Errorf("the value is %w", err)
		}
		return nil
	})
}

// hostValidator returns a validator for hosts without a scheme or a path. Its errors omit the value, because an invalid
// value can be a URL that contains a password.
func hostValidator() validator.String {
	return trimmedValidator("must be a host", func(value string) error {
		parsed, err := url.Parse("https://" + value)
		if err != nil || parsed.Host != value || parsed.Hostname() == "" {
			return errors.New("the value is not a host: omit the scheme and the path, as in sts.cn-hangzhou.aliyuncs.com")
		}
		return nil
	})
}

func jsonObjectValidator() validator.String {
	return trimmedValidator("must be a policy in JSON", func(value string) error {
		var object map[string]any
		if json.Unmarshal([]byte(value), &object) != nil || object == nil {
			return errors.New("the value is not a policy in JSON: use a JSON object, for example from `jsonencode`")
		}
		return nil
	})
}

func regionValidator() validator.String {
	return trimmedValidator("must be a region ID", paiclient.CheckRegion)
}

func networkValidator() validator.String {
	return trimmedValidator("must be a network", func(value string) error {
		if value != paiclient.NetworkPublic && value != paiclient.NetworkVPC {
			return fmt.Errorf("%s is not a network: use %q or %q",
				hcltext.Quote(value), paiclient.NetworkPublic, paiclient.NetworkVPC)
		}
		return nil
	})
}

// durationValidator returns a validator for durations that are greater than zero.
func durationValidator() validator.String {
	return trimmedValidator("must be a positive duration", validate.CheckDuration)
}

// trimmedValidator returns a validator that calls check with the trimmed value, because the provider also trims it. It
// accepts an empty value, which means that the argument is not set.
func trimmedValidator(description string, check func(string) error) validator.String {
	return validate.String(description, func(value string) error {
		if value = strings.TrimSpace(value); value == "" {
			return nil
		}
		return check(value)
	})
}
