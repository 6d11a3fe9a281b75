package signin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/aliyun/credentials-go/credentials/providers"
	"golang.org/x/sync/singleflight"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// source makes one of the library's providers fit for many goroutines: it is asked by one at a time and once for all
// who wait, ends when the waiting does, and its panics become errors.
type source struct {
	name  string // for errors
	hint  string // what to say where nothing was found
	build func() (providers.CredentialsProvider, error)

	flight singleflight.Group
	mu     sync.Mutex
	made   providers.CredentialsProvider // nil: to be built
	latest paiclient.Credentials
}

func newSource(name string, build func() (providers.CredentialsProvider, error)) *source {
	return &source{name: name, build: build}
}

// Credentials asks the library, which keeps what it has until shortly before it expires.
func (s *source) Credentials(ctx context.Context) (paiclient.Credentials, error) {
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

// Renew forgets the library's provider if it still gives the expired credentials: it has no other way to fetch anew.
func (s *source) Renew(expired paiclient.Credentials) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.latest == expired {
		s.made = nil
	}
	return true
}

func (s *source) ask() (credentials any, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			credentials, err = nil, errors.New("the answer was incomplete")
		}
	}()
	s.mu.Lock()
	made := s.made
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
		return nil, errors.New("the answer holds no key")
	}
	s.mu.Lock()
	s.made, s.latest = made, latest
	s.mu.Unlock()
	return latest, nil
}

// explain says which source failed. Of the library's text only what stands before a quoted body is told: bodies of
// credential services hold credentials.
func (s *source) explain(err error) error {
	said, _, quoted := strings.Cut(err.Error(), "{")
	said, _, _ = strings.Cut(said, "<")
	said = (&scrub.Scrubber{}).Clean(said)
	if quoted {
		said += " (what was answered is left out: it may hold credentials)"
	}
	if s.hint != "" {
		return fmt.Errorf("%s (%s)", s.hint, said)
	}
	return fmt.Errorf("%s: %s", s.name, said)
}
