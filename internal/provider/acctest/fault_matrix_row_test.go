package acctest

import (
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// matrixFault is a row of the matrix.
type matrixFault struct {
	name string

	// do is what goes wrong with a request for the place. What is no answer to a request is set up by arm instead.
	do  func(c *matrixCell) paisandbox.Effect
	arm func(c *matrixCell)

	once, always *matrixEnd

	decoded bool                // only who decodes the answer finds out, while the second pass begins
	on      connectionKind      // what the fault strikes on
	secure  bool                // over TLS, and with it HTTP/2
	timeout time.Duration       // request_timeout, where the fault is slower; 0: matrixTimeout
	told    time.Duration       // how long the service says to wait
	scene   func(c *matrixCell) // changes the provider block or the sandbox before the provider is configured
	check   func(c *matrixCell) // looks at more when the lookup has ended
}

// connectionKind is whether a connection has served a request before.
type connectionKind int

const (
	anyConnection connectionKind = iota
	newConnection
	reusedConnection
)

// matrixEnd is what a lookup comes to.
type matrixEnd struct {
	requests int      // for the place, each time that it is wanted
	summary  string   // of the error; empty: the lookup is complete
	says     []string // in the error's detail
}

func passes(requests int) *matrixEnd { return &matrixEnd{requests: requests} }

func fails(requests int, summary string, says ...string) *matrixEnd {
	return &matrixEnd{requests: requests, summary: summary, says: says}
}
