package paisandbox

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

// DefaultLifetime is the lifetime of a session unless another one is set.
const DefaultLifetime = time.Hour

// Session holds temporary credentials that the sandbox issued. The API accepts them until Expires.
type Session struct {
	AccessKeyID, AccessKeySecret, SecurityToken string

	By      string // the issuer: a constant of package identity, or any text that a test sets
	RoleARN string // the assumed role; empty if none was requested
	Name    string // the session name
	Parent  string // ID of the access key that signed the request; empty if it was not signed

	Issued, Expires time.Time
}

// Issue issues a session without a server, for credential sources such as an external command. It returns a copy of
// session with new credentials. A lifetime of 0 means DefaultLifetime.
func (s *Sandbox) Issue(session Session, lifetime time.Duration) Session {
	if lifetime == 0 {
		lifetime = DefaultLifetime
	}
	session.AccessKeyID = "STS." + rand.Text()
	session.AccessKeySecret = rand.Text() + rand.Text()
	// A client must encode the characters + / = of the token in a query or a form.
	session.SecurityToken = "CAIS" + rand.Text() + rand.Text() + rand.Text() + "+/" + rand.Text() + "=="
	session.Issued = s.now()
	session.Expires = session.Issued.Add(lifetime)
	s.keys.add(session)
	return session
}

// Sessions returns all sessions in the order in which they were issued, including expired ones.
func (s *Sandbox) Sessions() []Session {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	return slices.Clone(s.keys.sessions)
}

// ExpireSessions sets the expiry of all valid sessions to now, so that the API refuses them as expired. The expiry that
// clients received may be later.
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

// SetCredentials replaces the credentials that the API accepts. The API then refuses the previous credentials: as
// expired if they have a token, and as unknown otherwise. Issued sessions remain valid.
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

// accessKey is an access key without its ID.
type accessKey struct {
	secret, token string
	expired       bool
}

// keyring holds the valid and the expired credentials. The API responds to expired ones with a different error than to
// unknown ones.
type keyring struct {
	mu       sync.Mutex
	id       string
	keys     map[string]accessKey // set by SetCredentials
	sessions []Session            // in the order in which they were issued
}

// current returns the access key that SetCredentials set last.
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

// find returns the access key with the ID, and reports whether it exists.
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

// nonceStore holds the nonces of earlier requests. It removes a nonce after twice dateTolerance, because a request with
// that nonce is then refused for its date.
type nonceStore struct {
	mu    sync.Mutex
	used  map[string]struct{}
	order []usedNonce
}

type usedNonce struct {
	nonce string
	at    time.Time
}

// use stores a nonce and reports whether it is new.
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
