// Package validate contains the validators that the provider block and the data sources share.
package validate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"golang.org/x/text/unicode/norm"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// String returns a validator that calls check, and adds its error as a sentence. The error must contain the value,
// unless the value is secret, and the fix. description starts with a verb, as in "must be a host". Null and unknown
// values are valid. check gets the normalized value, or the value itself if it contains only whitespace.
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
	value := req.ConfigValue.ValueString()
	if err := v.check(cmp.Or(Normalize(value), value)); err != nil {
		argument := req.Path
		step, _ := argument.Steps().LastStep()
		if _, ok := step.(path.PathStepElementKeyValue); ok { // an element of a set, whose path contains Go syntax
			argument = argument.ParentPath()
		}
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value for "+argument.String(), ErrorSentence(err))
	}
}

// Normalize returns the value that an argument has for the provider: without whitespace at its start and end, for
// example a line end from a file, and in Unicode form C, as Terraform writes it to the state.
func Normalize(value string) string { return norm.NFC.String(strings.TrimSpace(value)) }

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

// Region returns a validator for regions.
func Region() validator.String {
	return String("must be a region ID", func(value string) error {
		return cmp.Or(CheckNotEmpty(value), paiclient.CheckRegion(value))
	})
}

// OneOf returns a validator that accepts only the values.
func OneOf(values ...string) validator.String {
	quoted := make([]string, len(values))
	for i := range values {
		quoted[i] = hcltext.Quote(values[i])
	}
	list := strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
	return String("must be "+list, func(value string) error {
		if !slices.Contains(values, value) {
			return fmt.Errorf("%s is not supported: use %s", hcltext.Quote(value), list)
		}
		return nil
	})
}

// Duration returns a validator for durations that are greater than zero.
func Duration() validator.String { return String("must be a positive duration", CheckDuration) }

// CheckRegex returns an error if the value is not a regular expression in RE2 syntax.
func CheckRegex(value string) error {
	_, err := regexp.Compile(value)
	if syntaxErr, ok := errors.AsType[*syntax.Error](err); ok {
		return fmt.Errorf("%s is not a regular expression in RE2 syntax: %s in %s",
			hcltext.Quote(value), syntaxErr.Code, hcltext.Quote(syntaxErr.Expr))
	}
	return err
}

// CheckDuration returns an error if the value is not a duration that is greater than zero.
func CheckDuration(value string) error {
	switch duration, err := time.ParseDuration(value); {
	case err != nil:
		return fmt.Errorf("%s is not a duration: use one such as \"30s\" or \"1m30s\"", hcltext.Quote(value))
	case duration <= 0:
		return fmt.Errorf("%s is not greater than zero: use a duration such as \"30s\"", hcltext.Quote(value))
	}
	return nil
}
