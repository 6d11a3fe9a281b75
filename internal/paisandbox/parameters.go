package paisandbox

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Parameters reads the parameters of a request by name and keeps the first error that it finds.
type Parameters struct {
	values url.Values
	read   []string
	err    *Refusal
}

// NewParameters returns a reader of the values.
func NewParameters(values url.Values) *Parameters { return &Parameters{values: values} }

// Err returns the first error so far, nil if there is none.
func (p *Parameters) Err() *Refusal { return p.err }

// Fail keeps an error, unless there is one already.
func (p *Parameters) Fail(err *Refusal) {
	if p.err == nil {
		p.err = err
	}
}

// Reject keeps the error that a parameter is invalid.
func (p *Parameters) Reject(name, why string) { p.Fail(InvalidParameter(name, why)) }

// Optional returns a parameter's value, "" if the request doesn't have it. An empty value is an error: a client omits what
// is unset, and the service could interpret an empty value in any way.
func (p *Parameters) Optional(name string) string {
	p.read = append(p.read, name)
	values := p.values[name]
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1:
		p.Reject(name, "it is given more than once")
	case values[0] == "":
		p.Reject(name, "it is empty")
	}
	return values[0]
}

// Required returns a parameter's value. A request without the parameter is an error.
func (p *Parameters) Required(name string) string {
	if len(p.values[name]) == 0 {
		p.Fail(MissingParameter(name))
	}
	return p.Optional(name)
}

// RequireOneOf checks that a parameter has one of the values.
func (p *Parameters) RequireOneOf(name string, choices ...string) {
	if p.Required(name) != "" {
		p.OneOf(name, "", choices...)
	}
}

// Pattern returns a parameter's value, which must match the form if the request has it.
func (p *Parameters) Pattern(name string, form *regexp.Regexp) string {
	value := p.Optional(name)
	if value != "" && !form.MatchString(value) {
		p.Reject(name, "it is wrongly formed")
	}
	return value
}

// PositiveInt returns an integer from 1, or unset if the request doesn't have the parameter.
func (p *Parameters) PositiveInt(name string, unset int) int {
	value := p.Optional(name)
	if value == "" {
		return unset
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || strconv.Itoa(n) != value {
		p.Reject(name, "it must be an integer from 1")
		return unset
	}
	return n
}

// OneOf returns one of the values, or unset if the request doesn't have the parameter.
func (p *Parameters) OneOf(name, unset string, choices ...string) string {
	value := p.Optional(name)
	if value == "" {
		return unset
	}
	if !slices.Contains(choices, value) {
		p.Reject(name, "it must be one of "+strings.Join(choices, ", "))
	}
	return value
}

// Bool returns a boolean, or unset if the request doesn't have the parameter.
func (p *Parameters) Bool(name string, unset bool) bool {
	return p.OneOf(name, strconv.FormatBool(unset), "true", "false") == "true"
}

// labels parses Key=Value,Key=Value.
func (p *Parameters) labels(name string) []Label {
	list := p.Optional(name)
	if list == "" {
		return nil
	}
	var labels []Label
	for pair := range strings.SplitSeq(list, ",") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" || value == "" {
			p.Reject(name, "a condition must be Key=Value")
		}
		labels = append(labels, Label{Key: key, Value: value})
	}
	return labels
}

// Finish returns the first error. A parameter that was never read is an error, since it doesn't exist.
func (p *Parameters) Finish() *Refusal {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !slices.Contains(p.read, name) {
			p.Reject(name, "there is no such parameter")
		}
	}
	return p.err
}
