package paisandbox

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// parameters reads a query by name. What nobody read by the time of the verdict is a parameter that does not exist.
// The first fault found is kept.
type parameters struct {
	query url.Values
	known []string
	err   *apiError
}

func (p *parameters) reject(name, why string) {
	if p.err == nil {
		p.err = invalidParameter(name, why)
	}
}

// text is the parameter's value, "" where it is not there. A client leaves out what is unset, so an empty value is
// refused: the service would be free to take it for anything.
func (p *parameters) optional(name string) string {
	p.known = append(p.known, name)
	values := p.query[name]
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1:
		p.reject(name, "it is given more than once")
	case values[0] == "":
		p.reject(name, "it is empty")
	}
	return values[0]
}

// required is a parameter's value that must be there.
func (p *parameters) required(name string) string {
	if len(p.query[name]) == 0 && p.err == nil {
		p.err = missingParameter(name)
	}
	return p.optional(name)
}

func (p *parameters) requireOneOf(name string, choices ...string) {
	if p.required(name) != "" {
		p.oneOf(name, "", choices...)
	}
}

// matching is a value that has a form, where it is there.
func (p *parameters) pattern(name string, form *regexp.Regexp) string {
	text := p.optional(name)
	if text != "" && !form.MatchString(text) {
		p.reject(name, "it is wrongly formed")
	}
	return text
}

func (p *parameters) positiveInt(name string, unset int) int {
	text := p.optional(name)
	if text == "" {
		return unset
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || strconv.Itoa(n) != text {
		p.reject(name, "it must be an integer from 1")
		return unset
	}
	return n
}

func (p *parameters) oneOf(name, unset string, choices ...string) string {
	text := p.optional(name)
	if text == "" {
		return unset
	}
	if !slices.Contains(choices, text) {
		p.reject(name, "it must be one of "+strings.Join(choices, ", "))
	}
	return text
}

func (p *parameters) boolean(name string, unset bool) bool {
	return p.oneOf(name, strconv.FormatBool(unset), "true", "false") == "true"
}

// labels reads Key=Value,Key=Value.
func (p *parameters) labels(name string) []Label {
	text := p.optional(name)
	if text == "" {
		return nil
	}
	var all []Label
	for condition := range strings.SplitSeq(text, ",") {
		key, value, ok := strings.Cut(condition, "=")
		if !ok || key == "" || value == "" {
			p.reject(name, "a condition must be Key=Value")
		}
		all = append(all, Label{Key: key, Value: value})
	}
	return all
}

func (p *parameters) finish() *apiError {
	for _, name := range slices.Sorted(maps.Keys(p.query)) {
		if !slices.Contains(p.known, name) {
			p.reject(name, "there is no such parameter")
		}
	}
	return p.err
}
