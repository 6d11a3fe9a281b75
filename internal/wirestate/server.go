// Package wirestate adds large values to the state of a data source without passing them through the framework, which
// would reflect on, copy, compare and encode every element several times. Instead, the framework encodes these
// attributes as null. A server around the framework's server then replaces each null with the MessagePack encoding of
// the value.
//
// A provider wraps its server with NewServer, and a data source calls Set. The server also changes how integers are
// encoded: see EncodeInt64. All other requests and responses pass through unchanged.
package wirestate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// EncodeFunc writes the value of an attribute in the MessagePack format of Terraform's protocol: null as nil, a list as
// an array, and a map or an object as a map.
//
// The server calls an EncodeFunc twice after Read has returned: to count the bytes, and to write them. Both calls must
// write the same bytes.
type EncodeFunc func(*msgpack.Encoder) error

// NewServer returns a server that adds the values of Set to the responses of next. It does not serve the optional
// parts of the protocol: list resources, actions and state stores.
func NewServer(next tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return server{next}
}

type server struct {
	tfprotov6.ProviderServer
}

// ReadDataSource calls the server's ReadDataSource, adds the values that Read has set to the state, and encodes the
// integers among the top-level attributes as digits, like EncodeInt64. If the state would be too large, it adds an
// error instead. A deferred response, a response without state, and a response with an error are returned unchanged.
func (s server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	var p pendingValues
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, pendingKey{}, &p), req)
	values := p.drain() // always, because the framework keeps the context, and so would keep the values in memory
	if err != nil || resp == nil || resp.State == nil || resp.Deferred != nil || hasError(resp.Diagnostics) {
		return resp, err
	}
	state, err := splice(ctx, resp.State.MsgPack, values)
	switch {
	case errors.Is(err, errTooLarge):
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "The list is too long",
			Detail: fmt.Sprintf("The state of %s would be larger than %d MiB, which the provider does not support.\n\n"+
				"Add filters, so that the list is shorter.", req.TypeName, maxState>>20),
		})
	case err != nil:
		return nil, fmt.Errorf("encode the state of %s: %w", req.TypeName, err)
	default:
		resp.State.MsgPack = state
	}
	return resp, nil
}

// Set sets a top-level attribute of the state. The Read method of a data source calls Set with the context of Read. It
// must leave the attribute null in its own response. A second call for the same attribute replaces the value. Set
// returns an error if NewServer did not create the server.
func Set(ctx context.Context, attribute string, value EncodeFunc) error {
	p, ok := ctx.Value(pendingKey{}).(*pendingValues)
	if !ok {
		return errors.New("cannot set " + attribute + ": the provider is not served by wirestate.NewServer")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byName == nil {
		p.byName = make(map[string]EncodeFunc)
	}
	p.byName[attribute] = value
	return nil
}

// pendingValues holds the values of one Read until its response is complete.
type pendingValues struct {
	mu     sync.Mutex
	byName map[string]EncodeFunc // by name of the attribute
}

type pendingKey struct{}

// drain removes and returns the values. If Read started a goroutine that calls Set later, the call does not change the
// returned map.
func (p *pendingValues) drain() map[string]EncodeFunc {
	p.mu.Lock()
	defer p.mu.Unlock()
	values := p.byName
	p.byName = nil
	return values
}

func hasError(diagnostics []*tfprotov6.Diagnostic) bool {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}
