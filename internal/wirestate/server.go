// Package wirestate brings large values into the state of a data source without the detour through the framework, which
// reflects on, copies, compares and encodes every element of them several times. The framework makes the state with these
// attributes null; on its way to Terraform, the MessagePack of each takes the place of its null.
//
// A data source needs one call, Set, and a provider one server around the framework's, NewServer. Everything else passes
// through as it is.
package wirestate

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
)

// Value writes one value of the attribute's type, as Terraform's protocol wants it in MessagePack: null as nil, a string, a
// number, a list as an array, a map or an object as a map. It is called twice with the same result, once to count, when Read
// has returned.
type Value func(*msgpack.Encoder) error

// NewServer puts what data sources Set into what the next server answers. Optional parts of the protocol (list resources,
// actions, state stores) are not passed on.
func NewServer(next tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return server{next}
}

type server struct {
	tfprotov6.ProviderServer
}

// ReadDataSource reads, and fills in what Read has Set. An answer that has no state yet (of a read that failed, or was put off)
// stays as it is.
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	set := &values{}
	resp, err := s.ProviderServer.ReadDataSource(context.WithValue(ctx, valuesKey{}, set), req)
	named := set.take() // whatever came of it: the framework keeps the context, and would keep the values with it
	if err != nil || resp == nil || resp.State == nil || resp.Deferred != nil || failed(resp.Diagnostics) || len(named) == 0 {
		return resp, err
	}
	resp.State.MsgPack, err = splice(resp.State.MsgPack, named)
	if err != nil {
		return nil, fmt.Errorf("the state of %s can't be completed: %w", req.TypeName, err)
	}
	return resp, nil
}

// Set has the value stand under the name of a top-level attribute of the state that Read is about to return, where Read leaves
// it null. It is an error where no server of this package serves the call.
func Set(ctx context.Context, attribute string, value Value) error {
	set, served := ctx.Value(valuesKey{}).(*values)
	if !served {
		return errors.New("the provider is not served by wirestate.NewServer, so " + attribute + " would be lost")
	}
	set.mu.Lock()
	defer set.mu.Unlock()
	if set.byName == nil {
		set.byName = make(map[string]Value)
	}
	set.byName[attribute] = value
	return nil
}

// values are what one Read has Set.
type values struct {
	mu     sync.Mutex
	byName map[string]Value
}

type valuesKey struct{}

// take ends the Read: what it left running can't reach the answer any more.
func (v *values) take() map[string]Value {
	v.mu.Lock()
	defer v.mu.Unlock()
	taken := v.byName
	v.byName = nil
	return taken
}

func failed(diagnostics []*tfprotov6.Diagnostic) bool {
	for _, diagnostic := range diagnostics {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}
