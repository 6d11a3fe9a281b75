package main

import (
	"context"
	"errors"
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// probe is a fact about the API that the vendor doesn't document. To add a fact, add one entry to pageProbes,
// filterProbes or responseProbes. TestBrokenAssumptions then fails until it has a fault that breaks the assumption.
type probe struct {
	fact    string
	assumed string // by the provider, or by its sandbox
	run     probeFunc
}

// probeFunc returns what was seen. An error of the client is a result, too: see resultOf.
type probeFunc func(ctx context.Context, s *session) (result, error)

// probes are all facts, in the order of the report. The last ones are about the errors of all requests before.
var probes = slices.Concat(pageProbes, filterProbes, responseProbes, errorProbes)

// runProbes runs the probes one after another. It returns an error if ctx ends, or if no further request can succeed.
func (s *session) runProbes(ctx context.Context) ([]row, error) {
	rows := make([]row, 0, len(probes))
	for _, p := range probes {
		r, err := p.run(ctx, s)
		if err != nil {
			if r, err = resultOf(err); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row{p, r})
	}
	return rows, nil
}

// resultOf returns the result for an error of the client. The provider assumes that the service accepts the parameters.
// If the error ends the program, resultOf returns the error.
func resultOf(err error) (result, error) {
	_, isInterrupted := errors.AsType[*paiclient.InterruptedError](err)
	_, isCredentials := errors.AsType[*paiclient.CredentialsError](err)
	_, isConnect := errors.AsType[*paiclient.ConnectError](err)
	switch {
	case errors.Is(err, errLimit):
		return unseen("the program sends at most %d requests", count(maxRequests))
	case isInterrupted || isCredentials || isConnect:
		return result{}, err
	case isRefused(err):
		return assess(false, "refused: %s", failureOf(err))
	}
	return unseen("%s", failureOf(err))
}
