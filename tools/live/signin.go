package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// maxRequests is the maximum number of requests of a run, including retries.
const maxRequests = 60

var errLimit = fmt.Errorf("the limit of %d requests is reached", maxRequests)

// signIn returns a session with the credentials, the endpoint and the region that the provider would use if its block
// set only the region. It sends no request.
func signIn(region string, env signin.Env) (*session, []signin.Warning, error) {
	region, _, warnings := signin.Region(region, false, env)
	network := signin.Network("", env)
	found, err := signin.Find(signin.Configuration{Region: region, Network: network}, env)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot find credentials: %w", err)
	}
	endpoint, err := endpointOf(cmp.Or(region, found.Region), cmp.Or(network, found.Network, paiclient.NetworkPublic), env)
	if err != nil {
		return nil, nil, err
	}
	s := &session{credentials: &limitedCredentials{CredentialSource: found.Credentials}}
	service, err := paiclient.NewService(paiclient.Options{
		Credentials:    s.credentials,
		UserAgent:      "terraform-provider-pai-live/" + build.Version,
		MaxRetries:     2, // more would use up the limit of requests
		RequestTimeout: paiclient.DefaultRequestTimeout,
		MaxConcurrency: 1, // OnAttempt writes to the session
		OnAttempt:      func(_ context.Context, attempt paiclient.Attempt) { s.attempts = append(s.attempts, attempt) },
	})
	if err != nil {
		return nil, nil, err
	}
	s.client = service.Client(endpoint)
	return s, append(warnings, found.Warnings...), nil
}

// endpointOf returns the endpoint that the environment sets, or else that of the region and the network.
func endpointOf(region, network string, env signin.Env) (*url.URL, error) {
	_, endpoint := env.Lookup(signin.EndpointVariables...)
	if region == "" && (endpoint == "" || strings.Contains(endpoint, paiclient.RegionPlaceholder)) {
		return nil, errors.New("no region is set: set it as in `make live REGION=cn-hangzhou`, or set " +
			signin.Variables("region")[0])
	}
	if region != "" {
		if err := paiclient.CheckRegion(region); err != nil {
			return nil, err
		}
	}
	if endpoint != "" {
		return paiclient.ExpandEndpoint(endpoint, region)
	}
	return paiclient.RegionalEndpoint(region, network)
}

// limitedCredentials limits the number of requests. The client calls Credentials for every attempt of a request.
type limitedCredentials struct {
	paiclient.CredentialSource
	used atomic.Int64
}

// Credentials returns errLimit after maxRequests calls.
func (c *limitedCredentials) Credentials(ctx context.Context) (paiclient.Credentials, error) {
	if c.used.Add(1) > maxRequests {
		return paiclient.Credentials{}, errLimit
	}
	return c.CredentialSource.Credentials(ctx)
}
