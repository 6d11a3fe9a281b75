package paisandbox

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

// DefaultLifetime is the lifetime of a session if none is specified.
const DefaultLifetime = time.Hour

// Session holds temporary credentials that the sandbox issued. The API accepts them until they expire.
type Session struct {
	AccessKeyID, AccessKeySecret, SecurityToken string

	By      string // the issuer: a constant of package identity, or any text of a test
	RoleARN string // the assumed role; empty if none was requested
	Name    string // the session name
	Parent  string // ID of the access key that signed the request; empty if it was not signed

	Issued, Expires time.Time
}

// Issue issues a session without a server, for credential sources such as an external command. The session has the By,
// RoleARN, Name and Parent of the given one, and new credentials. A lifetime of 0 means DefaultLifetime.
func (s *Sandbox) Issue(session Session, lifetime time.Duration) Session {
	if lifetime == 0 {
		lifetime = DefaultLifetime
	}
	session.AccessKeyID = "STS." + rand.Text()
	session.AccessKeySecret = rand.Text() + rand.Text()
	// Every token has characters that must be encoded in a query or a form.
	session.SecurityToken = "CAIS" + rand.Text() + rand.Text() + rand.Text() + "+/" + rand.Text() + "=="
	session.Issued = s.now()
	session.Expires = session.Issued.Add(lifetime)
	s.keys.add(session)
	return session
}

// Sessions returns every session in the order of issue, including expired ones.
func (s *Sandbox) Sessions() []Session {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	return slices.Clone(s.keys.sessions)
}

// ExpireSessions expires every session that was issued so far, whatever the expiry that its holder received.
func (s *Sandbox) ExpireSessions() {
	now := s.now()
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	for i := range s.keys.sessions {
		if session := &s.keys.sessions[i]; session.Expires.After(now) {
			session.Expires = now
		}
	}
}

// SetCredentials replaces the credentials that the API accepts. From then on it refuses an earlier pair with a token as
// expired, and one without a token as unknown. Issued sessions are not affected.
func (s *Sandbox) SetCredentials(id, secret, token string) {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	keys := map[string]accessKey{}
	for earlier, k := range s.keys.keys {
		if k.token != "" {
			k.expired = true
			keys[earlier] = k
		}
	}
	keys[id] = accessKey{secret: secret, token: token}
	s.keys.id, s.keys.keys = id, keys
}

// accessKey holds the secret and the token of an access key ID.
type accessKey struct {
	secret, token string
	expired       bool
}

// keyring holds the accepted credentials and also those that have expired, for which the API has an error of its own.
type keyring struct {
	mu       sync.Mutex
	id       string
	keys     map[string]accessKey // set by SetCredentials
	sessions []Session            // in the order of issue
}

// current returns the credentials of the last SetCredentials.
func (k *keyring) current() (id string, current accessKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.id, k.keys[k.id]
}

func (k *keyring) add(s Session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sessions = append(k.sessions, s)
}

// find returns the key of an access key ID and reports whether there is one.
func (k *keyring) find(id string, now time.Time) (accessKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if current, ok := k.keys[id]; ok {
		return current, true
	}
	i := slices.IndexFunc(k.sessions, func(s Session) bool { return s.AccessKeyID == id })
	if i < 0 {
		return accessKey{}, false
	}
	s := k.sessions[i]
	return accessKey{secret: s.AccessKeySecret, token: s.SecurityToken, expired: !now.Before(s.Expires)}, true
}

// dateTolerance is the largest accepted difference between the date of a request and the sandbox's clock.
const dateTolerance = 15 * time.Minute

// nonceStore holds the used nonces. It forgets a nonce after twice dateTolerance, when a request with that nonce
// would be refused for its date.
type nonceStore struct {
	mu    sync.Mutex
	used  map[string]struct{}
	order []usedNonce
}

type usedNonce struct {
	nonce string
	at    time.Time
}

// use marks a nonce as used and reports whether it was new.
func (n *nonceStore) use(nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.order) > 0 && now.Sub(n.order[0].at) > 2*dateTolerance {
		delete(n.used, n.order[0].nonce)
		n.order = n.order[1:]
	}
	if _, ok := n.used[nonce]; ok {
		return false
	}
	if n.used == nil {
		n.used = map[string]struct{}{}
	}
	n.used[nonce] = struct{}{}
	n.order = append(n.order, usedNonce{nonce: nonce, at: now})
	return true
}
