package paisandbox

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Parameters reads the parameters of a request by name and keeps the first error. After all known parameters have been
// read, Finish rejects the others.
type Parameters struct {
	values url.Values
	read   []string
	err    *Refusal
}

// NewParameters returns a reader of the values.
func NewParameters(values url.Values) *Parameters { return &Parameters{values: values} }

// Err returns the first error so far, or nil.
func (p *Parameters) Err() *Refusal { return p.err }

// Fail records an error. It has no effect if there is one already.
func (p *Parameters) Fail(err *Refusal) {
	if p.err == nil {
		p.err = err
	}
}

// Reject records that a parameter is invalid.
func (p *Parameters) Reject(name, reason string) { p.Fail(InvalidParameter(name, reason)) }

// Optional returns a parameter's value, or "" if it is omitted. It rejects an empty value: the API doesn't document its
// meaning, so a client must omit an unset parameter.
func (p *Parameters) Optional(name string) string {
	p.read = append(p.read, name)
	values := p.values[name]
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1:
		p.Reject(name, "it is specified more than once")
	case values[0] == "":
		p.Reject(name, "it is empty")
	}
	return values[0]
}

// Required returns a parameter's value. It is an error to omit the parameter.
func (p *Parameters) Required(name string) string {
	if len(p.values[name]) == 0 {
		p.Fail(MissingParameter(name))
	}
	return p.Optional(name)
}

// RequireOneOf checks that a parameter has one of the values.
func (p *Parameters) RequireOneOf(name string, values ...string) {
	if p.Required(name) != "" {
		p.OneOf(name, "", values...)
	}
}

// Pattern returns the value of an optional parameter that must match the pattern.
func (p *Parameters) Pattern(name string, pattern *regexp.Regexp) string {
	value := p.Optional(name)
	if value != "" && !pattern.MatchString(value) {
		p.Reject(name, "its format is invalid")
	}
	return value
}

// PositiveInt returns the value of an optional parameter, or def if it is omitted. The value must be at least 1.
func (p *Parameters) PositiveInt(name string, def int) int {
	value := p.Optional(name)
	if value == "" {
		return def
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || strconv.Itoa(n) != value {
		p.Reject(name, "it must be an integer of at least 1")
		return def
	}
	return n
}

// OneOf returns the value of an optional parameter that must be one of the values, or def if it is omitted.
func (p *Parameters) OneOf(name, def string, values ...string) string {
	value := p.Optional(name)
	if value == "" {
		return def
	}
	if !slices.Contains(values, value) {
		p.Reject(name, "it must be one of "+strings.Join(values, ", "))
	}
	return value
}

// Bool returns the value of an optional parameter that must be true or false, or def if it is omitted.
func (p *Parameters) Bool(name string, def bool) bool {
	return p.OneOf(name, strconv.FormatBool(def), "true", "false") == "true"
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
			p.Reject(name, "each label must be Key=Value")
		}
		labels = append(labels, L(key, value))
	}
	return labels
}

// Finish returns the first error, which may be that a parameter was never read and so is unknown.
func (p *Parameters) Finish() *Refusal {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !slices.Contains(p.read, name) {
			p.Reject(name, "the parameter is unknown")
		}
	}
	return p.err
}
