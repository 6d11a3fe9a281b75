package paisandbox

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Parameters reads the parameters of a request by name and stores the first error. Call Err after reading all
// parameters of the operation.
type Parameters struct {
	values url.Values
	read   []string
	err    *ErrorResponse
}

// NewParameters returns Parameters that read the values.
func NewParameters(values url.Values) *Parameters { return &Parameters{values: values} }

// ErrSoFar returns the first error so far, or nil.
func (p *Parameters) ErrSoFar() *ErrorResponse { return p.err }

// Fail stores an error, unless there is already an earlier one.
func (p *Parameters) Fail(err *ErrorResponse) {
	if p.err == nil {
		p.err = err
	}
}

// Reject stores the error that the parameter is invalid.
func (p *Parameters) Reject(name, reason string) { p.Fail(InvalidParameter(name, reason)) }

// Optional returns the value of a parameter, or "" if it is omitted. It rejects an empty value, because the API doesn't
// document its meaning. Clients must omit unset parameters.
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

// Required returns the value of a parameter. It stores an error if the parameter is omitted.
func (p *Parameters) Required(name string) string {
	if len(p.values[name]) == 0 {
		p.Fail(MissingParameter(name))
	}
	return p.Optional(name)
}

// RequireOneOf stores an error unless the parameter has one of the values.
func (p *Parameters) RequireOneOf(name string, values ...string) {
	if p.Required(name) != "" {
		p.OneOf(name, "", values...)
	}
}

// Pattern returns the value of an optional parameter. It rejects a value that doesn't match the pattern.
func (p *Parameters) Pattern(name string, pattern *regexp.Regexp) string {
	value := p.Optional(name)
	if value != "" && !pattern.MatchString(value) {
		p.Reject(name, "its format is invalid")
	}
	return value
}

// PositiveInt returns the value of an optional parameter, or def if it is omitted. It rejects values below 1.
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

// OneOf returns the value of an optional parameter, or def if it is omitted. It rejects a value that is not one of the
// given values.
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

// Bool returns the value of an optional parameter, or def if it is omitted. It rejects values other than true and
// false.
func (p *Parameters) Bool(name string, def bool) bool {
	return p.OneOf(name, strconv.FormatBool(def), "true", "false") == "true"
}

// labels parses a parameter in the format Key=Value,Key=Value.
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

// list parses a parameter in the format a,b.
func (p *Parameters) list(name string) []string {
	value := p.Optional(name)
	if value == "" {
		return nil
	}
	values := strings.Split(value, ",")
	if slices.Contains(values, "") {
		p.Reject(name, "it has an empty element")
	}
	return values
}

// Err returns the first error. If there is none, it returns an error for any parameter that was not read, because the
// operation has no such parameter.
func (p *Parameters) Err() *ErrorResponse {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if !slices.Contains(p.read, name) {
			p.Reject(name, "the parameter is unknown")
		}
	}
	return p.err
}
