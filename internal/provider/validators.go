package provider

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// checkedString is a validator made of a function that says what is wrong with a text. Null and unknown values pass.
type checkedString struct {
	description string
	check       func(string) error
}

func (v checkedString) Description(context.Context) string         { return v.description }
func (v checkedString) MarkdownDescription(context.Context) string { return v.description }

func (v checkedString) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value of "+req.Path.String(),
			fmt.Sprintf("It %s: %s.", v.description, err))
	}
}

// notEmpty is for arguments where leaving them out says what an empty text might be meant to say.
func notEmpty() validator.String {
	return checkedString{description: "must not be empty", check: func(text string) error {
		if strings.TrimSpace(text) == "" {
			return errors.New("leave it out, or set it to null, for no value")
		}
		return nil
	}}
}

// credentialValidator says nothing of the value itself: it is a secret.
func credentialValidator() validator.String {
	return checkedString{description: "must be a key or token", check: func(text string) error {
		return paiclient.CheckCredential(strings.TrimSpace(text))
	}}
}

func regionValidator() validator.String {
	return checkedString{description: "must be a region", check: func(text string) error {
		return paiclient.CheckRegion(strings.TrimSpace(text))
	}}
}

func endpointValidator() validator.String {
	return checkedString{description: "must be a host or a URL", check: func(text string) error {
		_, err := paiclient.ParseEndpoint(strings.TrimSpace(text))
		return err
	}}
}

func positiveDuration() validator.String {
	return checkedString{description: "must be a positive duration", check: func(text string) error {
		if duration, err := time.ParseDuration(text); err == nil { // else the type's own check says so
			return positive(duration)
		}
		return nil
	}}
}

func imageIDValidator() validator.String {
	return checkedString{description: "must be an image's id", check: paiclient.CheckImageID}
}

func labelKeyValidator() validator.String {
	return checkedString{description: "must be part of a label's key", check: paiclient.CheckLabelKey}
}

func labelValueValidator() validator.String {
	return checkedString{description: "must be a label's value", check: paiclient.CheckLabelValue}
}

func regexValidator() validator.String {
	return checkedString{description: "must be a regular expression in RE2 syntax", check: func(text string) error {
		_, err := regexp.Compile(text)
		return err
	}}
}

func versionConstraintValidator() validator.String {
	return checkedString{
		description: "must be a version constraint, such as \"~> 2.3\" or \">= 2.0, < 3.0\"",
		check: func(text string) error {
			_, err := version.NewConstraint(text)
			return err
		},
	}
}
