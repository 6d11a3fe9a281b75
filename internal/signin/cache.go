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
	// keepCredentials is how long the cache returns credentials without calling the library. In the last three minutes of
	// a session, every call of the library fetches a new session.
	keepCredentials = 30 * time.Second

	// keepFailure is how long the cache returns an error without calling the library. Without this, callers that come one
	// after another would each wait for the same timeout. A temporary error is kept for a shorter time than paiclient
	// waits before a retry, so that the retry fetches credentials again.
	keepFailure          = 5 * time.Second
	keepTemporaryFailure = 200 * time.Millisecond
)

// cache is the paiclient.CredentialSource of a credential source. Unlike the library's providers, it is safe for
// concurrent use: only one call at a time fetches credentials, and its result is returned to all callers that wait.
type cache struct {
	open func() (providers.CredentialsProvider, error)
	now  func() time.Time

	flight singleflight.Group

	mu         sync.Mutex
	provider   providers.CredentialsProvider // nil if the next fetch must open a provider
	current    paiclient.Credentials
	err        error     // error of the last fetch
	fetched    time.Time // when current or err was fetched
	generation int       // number of times that Renew dropped the provider
}

func newCache(open func() (providers.CredentialsProvider, error)) *cache {
	return &cache{open: open, now: time.Now}
}

// Credentials returns the cached credentials. If there are none, or they have been cached for too long, it fetches
// them. It returns the context's error if ctx ends first.
func (c *cache) Credentials(ctx context.Context) (paiclient.Credentials, error) {
	for {
		if err := ctx.Err(); err != nil {
			return paiclient.Credentials{}, err
		}
		if current, ok, err := c.lastResult(); ok {
			return current, err
		}
		// The library accepts no context. If ctx ends, a call of the library continues until its own timeout.
		results := c.flight.DoChan("", func() (any, error) { return c.update(ctx) })
		select {
		case <-ctx.Done():
			return paiclient.Credentials{}, ctx.Err()
		case result := <-results:
			switch {
			case errors.Is(result.Err, errFetchCancelled):
				continue // the context of the caller that started the fetch has ended
			case result.Err != nil:
				return paiclient.Credentials{}, result.Err
			}
			return result.Val.(paiclient.Credentials), nil
		}
	}
}

// errFetchCancelled is the result of a fetch whose context ended.
var errFetchCancelled = errors.New("fetching the credentials was cancelled")

// contextProvider is a provider that accepts a context. The library's providers don't.
type contextProvider interface {
	providers.CredentialsProvider
	GetCredentialsContext(ctx context.Context) (*providers.Credentials, error)
}

// getCredentials returns the credentials of the provider. It passes the context on if the provider accepts one.
func getCredentials(ctx context.Context, provider providers.CredentialsProvider) (*providers.Credentials, error) {
	if provider, ok := provider.(contextProvider); ok {
		return provider.GetCredentialsContext(ctx)
	}
	return provider.GetCredentials()
}

// Renew drops the provider that returned the expired credentials, so that the next call of Credentials fetches new
// ones. The library has no other way to fetch credentials before they expire. Renew does nothing if the expired
// credentials have already been replaced. So if several requests are refused with the same credentials, only the first
// call has an effect.
func (c *cache) Renew(expired paiclient.Credentials) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.provider != nil && c.current == expired {
		refusedSessions.Store(expired, true)
		c.provider, c.err = nil, nil
		c.generation++
		c.flight.Forget("") // a fetch in progress may return the expired credentials
	}
	return true
}

// refusedSessions contains the sessions that the API or STS refused as expired. A source that stores sessions in a file
// must not return them again.
var refusedSessions sync.Map

func isRefused(credentials paiclient.Credentials) bool {
	_, ok := refusedSessions.Load(credentials)
	return ok
}

// lastResult returns the result of the last fetch. ok is false if the result is too old, or if there is none.
func (c *cache) lastResult() (current paiclient.Credentials, ok bool, err error) {
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

// update fetches credentials and stores the result. It stores no error if ctx has ended.
func (c *cache) update(ctx context.Context) (paiclient.Credentials, error) {
	if current, ok, err := c.lastResult(); ok { // another call has fetched them in the meantime
		return current, err
	}
	c.mu.Lock()
	previous, generation := c.provider, c.generation
	c.mu.Unlock()

	provider, credentials, err := c.fetch(ctx, previous)
	if err != nil && ctx.Err() != nil {
		return paiclient.Credentials{}, errFetchCancelled
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation { // Renew was called during the fetch, so the result may be expired
		return credentials, err
	}
	c.fetched = c.now()
	if previous != nil && err != nil && !isNotWritten(err) {
		// Providers fetch new credentials minutes before the session expires, so the current ones are probably still valid.
		// If they aren't, the API refuses them as expired, and paiclient calls Renew. Then the error is returned.
		return c.current, nil
	}
	c.provider, c.err = provider, err
	if err == nil {
		c.current = credentials
	}
	return credentials, err
}

// fetch returns credentials of the provider, and opens a new provider if it is nil. It returns the provider that
// succeeded, or nil with an error.
//
// A role's provider may hold an expired session that the role is assumed with. If STS refuses that session, fetch opens
// a new provider and tries once more.
func (c *cache) fetch(
	ctx context.Context, provider providers.CredentialsProvider,
) (providers.CredentialsProvider, paiclient.Credentials, error) {
	for {
		opened := provider == nil
		if opened {
			var err error
			if provider, err = c.open(); err != nil {
				return nil, paiclient.Credentials{}, err
			}
		}
		got, err := getCredentials(ctx, provider)
		if err == nil {
			return provider, clientCredentials(got), nil
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
