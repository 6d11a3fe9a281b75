// Package validate contains the validators that the provider block and the data sources share.
package validate

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// String returns a validator that reports the error of check. The description starts with a verb, as in "must be a
// host". Null and unknown values are valid.
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
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value for "+req.Path.String(),
			fmt.Sprintf("The value %s: %s.", v.description, err))
	}
}

// ErrorSentence returns the message of an error as a sentence. A first word that is a name, such as access_key, is not
// capitalized.
func ErrorSentence(err error) string {
	message := err.Error()
	word, _, _ := strings.Cut(message, " ")
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
		message = strings.ToUpper(message[:1]) + message[1:]
	}
	return strings.TrimSuffix(message, ".") + "."
}

// NotEmpty returns a validator for arguments in which an empty string has no meaning.
func NotEmpty() validator.String {
	return String("must not be empty", func(value string) error {
		if strings.TrimSpace(value) == "" {
			return errors.New("omit the argument, or set it to null")
		}
		return nil
	})
}

// Regex returns a validator for regular expressions in RE2 syntax.
func Regex() validator.String {
	return String("must be a regular expression in RE2 syntax", func(value string) error {
		_, err := regexp.Compile(value)
		return err
	})
}

// PositiveDuration returns a validator for durations. It accepts a string that is not a duration, which the attribute's
// type rejects.
func PositiveDuration() validator.String {
	return String("must be a positive duration", func(value string) error {
		if duration, err := time.ParseDuration(value); err == nil {
			return Positive(duration)
		}
		return nil
	})
}

// Positive returns an error unless the duration is greater than zero.
func Positive(duration time.Duration) error {
	if duration <= 0 {
		return fmt.Errorf("%s is not greater than zero", duration)
	}
	return nil
}
