// Package validate contains the validators that the provider block and the data sources share.
package validate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// String returns a validator that calls check, and adds its error as a sentence. The error must contain the value,
// unless the value is secret, and the fix. description starts with a verb, as in "must be a host". Null and unknown
// values are valid.
func String(description string, check func(string) error) validator.String {
	return stringValidator{description, check}
}

type stringValidator struct {
	description string
	check       func(string) error
}

func (v stringValidator) Description(context.Context) string         { return v.description }
func (v stringValidator) MarkdownDescription(context.Context) string { return v.description }

func (v stringValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value for "+req.Path.String(), ErrorSentence(err))
	}
}

// ErrorSentence returns the message of an error as a sentence.
func ErrorSentence(err error) string { return FormatSentence(err.Error()) }

// FormatSentence returns a message as a sentence. It doesn't capitalize a first word that is a name, such as
// access_key.
func FormatSentence(message string) string {
	word, _, _ := strings.Cut(message, " ")
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
		message = strings.ToUpper(message[:1]) + message[1:]
	}
	return strings.TrimSuffix(message, ".") + "."
}

// NotEmpty returns a validator that calls CheckNotEmpty.
func NotEmpty() validator.String { return String("must not be empty", CheckNotEmpty) }

// CheckNotEmpty returns an error if the value is empty or contains only whitespace.
func CheckNotEmpty(value string) error {
	switch {
	case value == "":
		return errors.New("the value is empty: omit the argument, or set it to null")
	case strings.TrimSpace(value) == "":
		return errors.New("the value contains only whitespace: omit the argument, or set it to null")
	}
	return nil
}

// Region returns a validator for regions. It ignores whitespace at the start and end of the value.
func Region() validator.String {
	return String("must be a region ID", func(value string) error {
		return cmp.Or(CheckNotEmpty(value), paiclient.CheckRegion(strings.TrimSpace(value)))
	})
}

// CheckRegex returns an error if the value is not a regular expression in RE2 syntax.
func CheckRegex(value string) error {
	_, err := regexp.Compile(value)
	if syntaxErr, ok := errors.AsType[*syntax.Error](err); ok {
		return fmt.Errorf("%s is not a regular expression in RE2 syntax: %s in %s",
			hcltext.Quote(value), syntaxErr.Code, hcltext.Quote(syntaxErr.Expr))
	}
	return err
}

// CheckPositive returns an error if the value is a duration that is not greater than zero. It accepts a value that is
// not a duration, because the attribute's type or another validator rejects it.
func CheckPositive(value string) error {
	if duration, err := time.ParseDuration(value); err == nil && duration <= 0 {
		return fmt.Errorf("%s is not greater than zero: use a duration such as \"30s\"", hcltext.Quote(value))
	}
	return nil
}
