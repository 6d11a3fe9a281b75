package signin

import (
	"net/url"

	"github.com/aliyun/credentials-go/credentials/providers"
)

func (s search) configuredSidecar() (*origin, error) {
	found, err := sidecarOrigin("the sidecar of credentials_uri", s.CredentialsURI)
	if err != nil {
		return nil, argumentErrorf("credentials_uri", "credentials_uri can't be called: %w", err)
	}
	return found, nil
}

func (s search) surroundingSidecar() (*origin, error) {
	variable, uri := s.first(Environment("credentials_uri")...)
	if uri == "" {
		return nil, nil
	}
	found, err := sidecarOrigin("the sidecar that "+variable+" names", uri)
	if err != nil {
		return nil, ownErrorf("%s can't be called: %w", variable, err)
	}
	return found, nil
}

func sidecarOrigin(name, uri string) (*origin, error) {
	if _, err := sidecar(uri); err != nil {
		return nil, err
	}
	return &origin{
		name:   name,
		advice: always("check the address, and that what it leads to is running"),
		build:  func() (providers.CredentialsProvider, error) { return sidecar(uri) },
	}, nil
}

// sidecar may be plain http anywhere, as sidecars are. The address may hold a secret, so that no error repeats it.
func sidecar(uri string) (providers.CredentialsProvider, error) {
	address, err := url.Parse(uri)
	if err != nil || (address.Scheme != "http" && address.Scheme != "https") || address.Host == "" {
		return nil, ownErrorf("it is no URL that begins with http:// or https:// and a host")
	}
	return providers.NewURLCredentialsProviderBuilder().WithUrl(uri).Build()
}
