package signin

import (
	"context"
	"sync"

	"github.com/aliyun/credentials-go/credentials/providers"
	"golang.org/x/sync/singleflight"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// source makes one of the library's providers fit for many goroutines: it is asked by one at a time and once for all
// who wait, ends when the waiting does, and its panics become errors.
type source struct {
	name   string // for errors
	advice string // what to do where it fails
	build  func() (providers.CredentialsProvider, error)

	flight singleflight.Group
	mu     sync.Mutex
	made   providers.CredentialsProvider // nil: to be built
	latest paiclient.Credentials
	round  int // how often it was renewed
}

func newSource(name, advice string, build func() (providers.CredentialsProvider, error)) *source {
	return &source{name: name, advice: advice, build: build}
}

// Credentials asks the library, which keeps what it has until shortly before it expires.
func (s *source) Credentials(ctx context.Context) (paiclient.Credentials, error) {
	if err := ctx.Err(); err != nil {
		return paiclient.Credentials{}, err
	}
	// The library takes no context: where the caller's ends, the call is left to its own time-out.
	answer := s.flight.DoChan("", func() (any, error) { return s.ask() })
	select {
	case <-ctx.Done():
		return paiclient.Credentials{}, ctx.Err()
	case result := <-answer:
		if result.Err != nil {
			return paiclient.Credentials{}, s.explain(result.Err)
		}
		return result.Val.(paiclient.Credentials), nil
	}
}

// Renew forgets the library's provider if it gave the expired credentials: it has no other way to fetch anew. The many
// whose requests were under way with the same credentials cause one renewal.
func (s *source) Renew(expired paiclient.Credentials) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made != nil && s.latest == expired {
		s.made = nil
		s.round++
		s.flight.Forget("") // what is under way may bring the expired ones once more
	}
	return true
}

func (s *source) ask() (credentials any, err error) {
	defer func() {
		if recover() != nil { // with what the library held, so it isn't told
			credentials, err = nil, ownErrorf("its answer was incomplete")
		}
	}()
	s.mu.Lock()
	made, round := s.made, s.round
	s.mu.Unlock()
	if made == nil {
		if made, err = s.build(); err != nil {
			return nil, err
		}
	}
	got, err := made.GetCredentials()
	if err != nil {
		return nil, err
	}
	latest := paiclient.Credentials{
		AccessKeyID: got.AccessKeyId, AccessKeySecret: got.AccessKeySecret, SecurityToken: got.SecurityToken,
	}
	if latest.AccessKeyID == "" || latest.AccessKeySecret == "" {
		return nil, ownErrorf("its answer holds no key")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.round == round {
		s.made, s.latest = made, latest
	}
	return latest, nil
}
