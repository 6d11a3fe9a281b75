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
	fault *apiError
}

func (p *parameters) refuse(name, why string) {
	if p.fault == nil {
		p.fault = invalidParameter(name, why)
	}
}

// text is the parameter's value, "" where it is not there. A client leaves out what is unset, so an empty value is
// refused: the service would be free to take it for anything.
func (p *parameters) text(name string) string {
	p.known = append(p.known, name)
	values := p.query[name]
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1:
		p.refuse(name, "it is given more than once")
	case values[0] == "":
		p.refuse(name, "it is empty")
	}
	return values[0]
}

// required is a parameter's value that must be there.
func (p *parameters) required(name string) string {
	if len(p.query[name]) == 0 && p.fault == nil {
		p.fault = missing(name)
	}
	return p.text(name)
}

func (p *parameters) requiredChoice(name string, choices ...string) {
	if p.required(name) != "" {
		p.choice(name, "", choices...)
	}
}

// matching is a value that has a form, where it is there.
func (p *parameters) matching(name string, form *regexp.Regexp) string {
	text := p.text(name)
	if text != "" && !form.MatchString(text) {
		p.refuse(name, "it is wrongly formed")
	}
	return text
}

func (p *parameters) number(name string, unset int) int {
	text := p.text(name)
	if text == "" {
		return unset
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || strconv.Itoa(n) != text {
		p.refuse(name, "it must be an integer from 1")
		return unset
	}
	return n
}

func (p *parameters) choice(name, unset string, choices ...string) string {
	text := p.text(name)
	if text == "" {
		return unset
	}
	if !slices.Contains(choices, text) {
		p.refuse(name, "it must be one of "+strings.Join(choices, ", "))
	}
	return text
}

func (p *parameters) boolean(name string, unset bool) bool {
	return p.choice(name, strconv.FormatBool(unset), "true", "false") == "true"
}

// labels reads Key=Value,Key=Value.
func (p *parameters) labels(name string) []Label {
	text := p.text(name)
	if text == "" {
		return nil
	}
	var all []Label
	for condition := range strings.SplitSeq(text, ",") {
		key, value, ok := strings.Cut(condition, "=")
		if !ok || key == "" || value == "" {
			p.refuse(name, "a condition must be Key=Value")
		}
		all = append(all, Label{Key: key, Value: value})
	}
	return all
}

func (p *parameters) verdict() *apiError {
	for _, name := range slices.Sorted(maps.Keys(p.query)) {
		if !slices.Contains(p.known, name) {
			p.refuse(name, "there is no such parameter")
		}
	}
	return p.fault
}
