package paisandbox

import (
	"crypto/rand"
	"slices"
	"time"
)

// DefaultLifetime is how long a session lasts where nothing says how long.
const DefaultLifetime = time.Hour

// Session is temporary credentials that the sandbox handed out. It lets them in until they expire.
type Session struct {
	AccessKeyID, AccessKeySecret, SecurityToken string

	By      string // how it was issued: a constant of package identity, or what a test names
	RoleARN string // whom it acts as; empty where no role was named
	Name    string // of the session
	Parent  string // id of the key that asked for it; empty where the request was not signed

	Issued, Expires time.Time
}

// Issue hands out a session for a way to sign in that the sandbox has no server for, such as an external command. Of
// what is given it takes how and to whom the session is issued, and 0 for DefaultLifetime.
func (s *Sandbox) Issue(to Session, lifetime time.Duration) Session {
	if lifetime == 0 {
		lifetime = DefaultLifetime
	}
	to.AccessKeyID = "STS." + rand.Text()
	to.AccessKeySecret = rand.Text() + rand.Text()
	// Every token has characters that don't survive a query or a form where they are not encoded.
	to.SecurityToken = "CAIS" + rand.Text() + rand.Text() + rand.Text() + "+/" + rand.Text() + "=="
	to.Issued = s.now()
	to.Expires = to.Issued.Add(lifetime)
	s.keys.add(to)
	return to
}

// Sessions lists every session that was handed out, in order, those that have expired too.
func (s *Sandbox) Sessions() []Session {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	return slices.Clone(s.keys.sessions)
}

// ExpireSessions ends every session that was handed out so far, whatever its holder was told.
func (s *Sandbox) ExpireSessions() {
	now := s.now()
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for k := range s.keys.sessions {
		if one := &s.keys.sessions[k]; one.Expires.After(now) {
			one.Expires = now
		}
	}
}
