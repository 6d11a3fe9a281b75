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

// The forms of names in RAM and STS. Source: the references of RAM and STS.
var (
	roleForm         = regexp.MustCompile(`^acs:ram::[0-9]+:role/\S+$`)
	oidcProviderForm = regexp.MustCompile(`^acs:ram::[0-9]+:oidc-provider/\S+$`)
	sessionNameForm  = regexp.MustCompile(`^[A-Za-z0-9.@_-]{2,64}$`)
)

// credentialValidator says nothing of the value itself: it is a secret.
func credentialValidator() validator.String {
	return validate.String("must be a key or token", func(text string) error {
		return paiclient.CheckCredential(strings.TrimSpace(text))
	})
}

func regionValidator() validator.String {
	return validate.String("must be a region", func(text string) error {
		return paiclient.CheckRegion(strings.TrimSpace(text))
	})
}

func endpointValidator() validator.String {
	return validate.String("must be a host or a URL", func(text string) error {
		_, err := paiclient.ParseEndpoint(strings.TrimSpace(text))
		return err
	})
}

// roleValidator takes the ARN of a role, and an empty text where that says "none".
func roleValidator(emptyIsNone bool) validator.String {
	return validate.String("must be the ARN of a RAM role", func(text string) error {
		if text = strings.TrimSpace(text); text == "" && emptyIsNone || roleForm.MatchString(text) {
			return nil
		}
		return errors.New("it has the form acs:ram::<account's UID>:role/<name>")
	})
}

func oidcProviderValidator() validator.String {
	return validate.String("must be the ARN of an OIDC identity provider", func(text string) error {
		if !oidcProviderForm.MatchString(strings.TrimSpace(text)) {
			return errors.New("it has the form acs:ram::<account's UID>:oidc-provider/<name>")
		}
		return nil
	})
}

func sessionNameValidator() validator.String {
	return validate.String("must be a session's name", func(text string) error {
		if !sessionNameForm.MatchString(strings.TrimSpace(text)) {
			return errors.New("2 to 64 letters, digits and any of \".@_-\"")
		}
		return nil
	})
}

// webAddressValidator says nothing of the value itself: a path may hold a secret.
func webAddressValidator() validator.String {
	return validate.String("must be a URL", func(text string) error {
		parsed, err := url.Parse(strings.TrimSpace(text))
		if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
			return errors.New("it begins with http:// or https:// and a host")
		}
		return nil
	})
}

func hostValidator() validator.String {
	return validate.String("must be a host", func(text string) error {
		text = strings.TrimSpace(text)
		parsed, err := url.Parse("https://" + text)
		if err != nil || parsed.Host != text || parsed.Hostname() == "" {
			return errors.New("such as sts.cn-hangzhou.aliyuncs.com, without a scheme or a path")
		}
		return nil
	})
}

func jsonValidator() validator.String {
	return validate.String("must be a policy in JSON", func(text string) error {
		var object map[string]any
		if json.Unmarshal([]byte(text), &object) != nil || object == nil {
			return errors.New("a JSON object, as jsonencode makes it")
		}
		return nil
	})
}
