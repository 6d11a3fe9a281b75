// Package lazy puts off what a program may never need: Terraform starts the provider several times in every run, mostly to ask
// for its schema.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp gives a regular expression (RE2) that is compiled when it is first asked for. It panics then where the form is none.
func Regexp(form string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(form) })
}
