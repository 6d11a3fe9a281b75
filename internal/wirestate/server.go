// Package wirestate adds large values to the state of a data source without passing them through the framework, which
// reflects on, copies, compares and encodes every element several times. The framework encodes these attributes as
// null. A server around the framework's server then replaces each null by the MessagePack encoding of the value.
//
// A provider wraps its server with NewServer, and a data source calls Set. Everything else passes through unchanged.
package wirestate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// Value encodes one value of the attribute's type as Terraform's protocol requires: null as nil, a string or a number
// as such, a list as an array, and a map or an object as a map. It is called twice after Read has returned, the first
// time to measure its output, and must write the same both times.
type Value func(*msgpack.Encoder) error

// NewServer returns a server that adds the values from Set to the responses of next. It does not serve the optional
// parts of the protocol: list resources, actions and state stores.
func NewServer(next tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return server{next}
}

type server struct {
	tfprotov6.ProviderServer
}

// ReadDataSource adds the values that Read has set. It returns a response without state, or with an error, unchanged.
func (s server) ReadDataSource(
	ctx context.Context, req *tfprotov6.ReadDataSourceRequest,
) (*tfprotov6.ReadDataSourceResponse, error) {
	var p pendingValues
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, pendingKey{}, &p), req)
	values := p.drain() // on every path: the framework keeps the context, which must not keep the values
	if len(values) == 0 || err != nil || resp == nil || resp.State == nil || resp.Deferred != nil ||
		hasError(resp.Diagnostics) {
		return resp, err
	}
	resp.State.MsgPack, err = splice(resp.State.MsgPack, values)
	if err != nil {
		return nil, fmt.Errorf("add values to the state of %s: %w", req.TypeName, err)
	}
	return resp, nil
}

// Set sets a top-level attribute of the state that Read is about to return. Read must leave the attribute null. A
// second call for the same attribute replaces the value. Set returns an error if the server is not one of NewServer's.
func Set(ctx context.Context, attribute string, value Value) error {
	p, ok := ctx.Value(pendingKey{}).(*pendingValues)
	if !ok {
		return errors.New("cannot set " + attribute + ": the provider is not served by wirestate.NewServer")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byName == nil {
		p.byName = make(map[string]Value)
	}
	p.byName[attribute] = value
	return nil
}

// pendingValues holds the values of one Read until its response is complete.
type pendingValues struct {
	mu     sync.Mutex
	byName map[string]Value
}

type pendingKey struct{}

// drain removes and returns the values. A goroutine that Read left behind can't change them afterwards.
func (p *pendingValues) drain() map[string]Value {
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
