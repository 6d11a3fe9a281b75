package signin

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"
	"golang.org/x/sync/singleflight"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

const (
	// keepCredentials is how long credentials are used before the library is asked whether they are still valid. With less
	// than three minutes left, the library fetches new ones at every call: for a shorter session, at every request.
	keepCredentials = 30 * time.Second

	// keepFailure is how long a failure is returned to later callers. Concurrent requests take turns, so without it every
	// turn would wait for the same timeout. A temporary failure is kept for less time than a request waits before its
	// retry.
	keepFailure          = 5 * time.Second
	keepTemporaryFailure = 200 * time.Millisecond
)

// cache is the CredentialSource of a source. It makes the library's providers, which aren't safe for concurrent use,
// fit for many goroutines: one call at a time fetches credentials for all that wait, and each wait ends with the
// caller's context.
type cache struct {
	open func() (providers.CredentialsProvider, error)
	now  func() time.Time

	flight singleflight.Group

	mu         sync.Mutex
	provider   providers.CredentialsProvider // nil: to be opened
	current    paiclient.Credentials
	err        error     // of the last fetch
	fetched    time.Time // when current or err was fetched
	generation int       // number of renewals
}

func newCache(open func() (providers.CredentialsProvider, error)) *cache {
	return &cache{open: open, now: time.Now}
}

// Credentials returns the current credentials, and fetches them if there are none or they are about to expire.
func (c *cache) Credentials(ctx context.Context) (paiclient.Credentials, error) {
	if err := ctx.Err(); err != nil {
		return paiclient.Credentials{}, err
	}
	if current, ok, err := c.kept(); ok {
		return current, err
	}
	// The library accepts no context. If the caller's ends, the call goes on until its own timeout.
	results := c.flight.DoChan("", func() (any, error) { return c.update() })
	select {
	case <-ctx.Done():
		return paiclient.Credentials{}, ctx.Err()
	case result := <-results:
		if result.Err != nil {
			return paiclient.Credentials{}, result.Err
		}
		return result.Val.(paiclient.Credentials), nil
	}
}

// Renew drops the library's providers if they returned the expired credentials, as they have no other way to fetch new
// ones. Several requests that were refused with the same credentials cause one renewal.
func (c *cache) Renew(expired paiclient.Credentials) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.provider != nil && c.current == expired {
		c.provider, c.err = nil, nil
		c.generation++
		c.flight.Forget("") // a fetch that is under way may return the expired credentials
	}
	return true
}

// kept returns the result of the last fetch, and false if it is too old to be used again.
func (c *cache) kept() (current paiclient.Credentials, ok bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	age := c.now().Sub(c.fetched)
	switch {
	case isTemporary(c.err):
		return paiclient.Credentials{}, age < keepTemporaryFailure, c.err
	case c.err != nil:
		return paiclient.Credentials{}, age < keepFailure, c.err
	case c.provider != nil:
		return c.current, age < keepCredentials, nil
	}
	return paiclient.Credentials{}, false, nil
}

// update fetches credentials and keeps the result.
func (c *cache) update() (paiclient.Credentials, error) {
	if current, ok, err := c.kept(); ok { // another call has fetched them meanwhile
		return current, err
	}
	c.mu.Lock()
	previous, generation := c.provider, c.generation
	c.mu.Unlock()

	provider, credentials, err := c.fetch(previous)

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation { // a renewal has made this result obsolete
		return credentials, err
	}
	c.fetched = c.now()
	if previous != nil && isTemporary(err) {
		// The library fetches new credentials minutes before the session ends, so the current ones are still valid. If not,
		// the service refuses them as expired.
		return c.current, nil
	}
	c.provider, c.err = provider, err
	if err == nil {
		c.current = credentials
	}
	return credentials, err
}

// fetch asks the provider, or opens it if it is nil. It returns no provider with an error. For a role that is assumed
// with a session, the provider may hold an old session: if STS refuses it as expired, fetch opens the provider again,
// once.
func (c *cache) fetch(
	provider providers.CredentialsProvider,
) (providers.CredentialsProvider, paiclient.Credentials, error) {
	for {
		opened := provider == nil
		if opened {
			var err error
			if provider, err = c.open(); err != nil {
				return nil, paiclient.Credentials{}, err
			}
		}
		got, err := provider.GetCredentials()
		if err == nil {
			return provider, paiclient.Credentials{
				AccessKeyID: got.AccessKeyId, AccessKeySecret: got.AccessKeySecret, SecurityToken: got.SecurityToken,
			}, nil
		}
		if failure, ok := errors.AsType[*sourceError](err); opened || !ok || !failure.sessionExpired() {
			return nil, paiclient.Credentials{}, err
		}
		provider = nil
	}
}

func isTemporary(err error) bool {
	failure, ok := errors.AsType[*sourceError](err)
	return ok && failure.Temporary()
}
