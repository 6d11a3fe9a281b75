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
	// keep is how long credentials are used without asking the library whether they still last. Those with less than
	// three minutes left it fetches anew at every call, which for a session that is never longer is at every request.
	keep = 30 * time.Second

	// keepFailure is how long a failure stands for those who ask again. Requests wait in line for a place, so without it
	// each part of the line would wait for the same time-out. One that may pass stands shorter than those wait who try again.
	keepFailure        = 5 * time.Second
	keepPassingFailure = 200 * time.Millisecond
)

// source makes the library's providers fit for many goroutines: they are asked by one at a time and once for all who
// wait, and the wait ends when the waiter's context does.
type source struct {
	build func() (providers.CredentialsProvider, error)
	now   func() time.Time

	flight singleflight.Group
	mu     sync.Mutex
	made   providers.CredentialsProvider // nil: to be built
	latest paiclient.Credentials
	failed error     // what asking for them ended with
	asked  time.Time // when latest or failed came
	round  int       // how often it was renewed
}

func newSource(build func() (providers.CredentialsProvider, error)) *source {
	return &source{build: build, now: time.Now}
}

// Credentials gives what there is, or asks the library, which keeps what it has until shortly before it expires.
func (s *source) Credentials(ctx context.Context) (paiclient.Credentials, error) {
	if err := ctx.Err(); err != nil {
		return paiclient.Credentials{}, err
	}
	if latest, kept, err := s.kept(); kept {
		return latest, err
	}
	// The library takes no context: where the caller's ends, the call is left to its own time-out.
	answer := s.flight.DoChan("", func() (any, error) { return s.ask() })
	select {
	case <-ctx.Done():
		return paiclient.Credentials{}, ctx.Err()
	case result := <-answer:
		if result.Err != nil {
			return paiclient.Credentials{}, result.Err
		}
		return result.Val.(paiclient.Credentials), nil
	}
}

// Renew forgets the library's providers if they gave the expired credentials: they have no other way to fetch anew. The
// many whose requests were under way with the same credentials cause one renewal.
func (s *source) Renew(expired paiclient.Credentials) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made != nil && s.latest == expired {
		s.made, s.failed = nil, nil
		s.round++
		s.flight.Forget("") // what is under way may bring the expired ones once more
	}
	return true
}

func (s *source) kept() (latest paiclient.Credentials, kept bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	age := s.now().Sub(s.asked)
	switch {
	case isTemporary(s.failed):
		return paiclient.Credentials{}, age < keepPassingFailure, s.failed
	case s.failed != nil:
		return paiclient.Credentials{}, age < keepFailure, s.failed
	case s.made != nil:
		return s.latest, age < keep, nil
	}
	return paiclient.Credentials{}, false, nil
}

// ask has the credentials fetched where the library finds that they run out.
func (s *source) ask() (paiclient.Credentials, error) {
	if latest, kept, err := s.kept(); kept { // they came between the question and its turn
		return latest, err
	}
	s.mu.Lock()
	made, round := s.made, s.round
	s.mu.Unlock()

	before := made
	made, latest, err := s.fetch(made)

	s.mu.Lock()
	defer s.mu.Unlock()
	if s.round == round && before != nil && isTemporary(err) {
		// The library begins to ask minutes before a session ends: what there is goes on until the service calls it expired.
		s.asked = s.now()
		return s.latest, nil
	}
	if s.round == round {
		s.made, s.failed, s.asked = made, err, s.now()
		if err == nil {
			s.latest = latest
		}
	}
	return latest, err
}

func isTemporary(err error) bool {
	var passing interface{ Temporary() bool }
	return errors.As(err, &passing) && passing.Temporary()
}

// fetch asks what is made, or makes it. Of a role on top of a session, both may have been fetched long ago: where STS
// calls the session expired, it is fetched anew too, once.
func (s *source) fetch(made providers.CredentialsProvider) (providers.CredentialsProvider, paiclient.Credentials, error) {
	for {
		fresh := made == nil
		if fresh {
			var err error
			if made, err = s.build(); err != nil {
				return nil, paiclient.Credentials{}, err
			}
		}
		got, err := made.GetCredentials()
		if err == nil {
			return made, paiclient.Credentials{
				AccessKeyID: got.AccessKeyId, AccessKeySecret: got.AccessKeySecret, SecurityToken: got.SecurityToken,
			}, nil
		}
		failed := (*failure)(nil)
		if fresh || !errors.As(err, &failed) || !failed.sessionExpired() {
			return nil, paiclient.Credentials{}, err // what failed is not asked again
		}
		made = nil
	}
}
