package signin

import (
	"context"
	"net/http"
	"net/url"

	"github.com/aliyun/credentials-go/credentials/providers"
)

func (s search) sidecarOfBlock() (*selectedSource, error) {
	source, err := newSidecar("`credentials_uri`", "remove `credentials_uri`", s.CredentialsURI)
	if err != nil {
		return nil, argumentErrorf(ProblemOther, "credentials_uri", "invalid `credentials_uri`: %w", err)
	}
	return source, nil
}

func (s search) sidecarOfEnv() (*selectedSource, error) {
	uri, variable := s.fill("credentials_uri", "")
	if uri == "" {
		return nil, errNotSet
	}
	source, err := newSidecar(variable, "unset "+variable, uri)
	if err != nil {
		return nil, safeErrorf("invalid %s: %w", variable, err)
	}
	return source, nil
}

// newSidecar returns a source for the sidecar at the URI. setBy is the argument or variable that sets the URI. removal
// is the advice that unsets it.
func newSidecar(setBy, removal, uri string) (*selectedSource, error) {
	if err := CheckSidecar(uri); err != nil {
		return nil, err
	}
	return &selectedSource{
		name: "the sidecar set by " + setBy,
		advice: advice{
			otherwise: "check the address, and check that the sidecar is running. To use other credentials, " + removal,
		},
		build: func() (providers.CredentialsProvider, error) { return openSidecar(uri) },
	}, nil
}

// CheckSidecar returns an error if the URI of a sidecar has no host, or a scheme other than http and https. It accepts
// plain HTTP for every host, because sidecars use it. The error omits the URI, which may contain a secret.
func CheckSidecar(uri string) error {
	address, err := url.Parse(uri)
	if err != nil || (address.Scheme != "http" && address.Scheme != "https") || address.Host == "" {
		return safeErrorf("not a URL with a scheme and a host: use the form http://HOST/PATH or https://HOST/PATH")
	}
	return nil
}

// openSidecar returns a provider that fetches sessions from a URI.
func openSidecar(uri string) (providers.CredentialsProvider, error) {
	if err := CheckSidecar(uri); err != nil {
		return nil, err
	}
	return &sessionProvider{name: "credential_uri", fetch: func(ctx context.Context) (session, error) {
		ctx, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		response, err := sendRequest(ctx, http.MethodGet, uri, http.Header{}, "")
		if err == nil {
			err = response.checkStatus()
		}
		if err != nil {
			return session{}, err
		}
		return parseSession(response.body)
	}}, nil
}
