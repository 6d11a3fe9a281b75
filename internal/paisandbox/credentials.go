package paisandbox

import (
	"slices"
	"sync"
	"time"
)

// dateTolerance is how far the date of a request may be from the sandbox's clock.
const dateTolerance = 15 * time.Minute

type key struct {
	secret, token string
	expired       bool
}

// keyring holds the credentials that are let in, and the sessions that were: a client that goes on with an old
// session is told that its token expired, as the service would.
type keyring struct {
	mu       sync.Mutex
	id       string
	keys     map[string]key // set by SetCredentials
	sessions []Session      // handed out, in order
}

// SetCredentials replaces the credentials that are let in. A former session (credentials with a token) is refused
// as expired from then on, a former access key as unknown. Sessions that were handed out stay what they are.
func (s *Sandbox) SetCredentials(id, secret, token string) {
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	kept := map[string]key{}
	for former, k := range s.keys.keys {
		if k.token != "" {
			k.expired = true
			kept[former] = k
		}
	}
	kept[id] = key{secret: secret, token: token}
	s.keys.id, s.keys.keys = id, kept
}

func (k *keyring) current() (string, key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.id, k.keys[k.id]
}

func (k *keyring) add(one Session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sessions = append(k.sessions, one)
}

func (k *keyring) find(id string, now time.Time) (key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if found, ok := k.keys[id]; ok {
		return found, true
	}
	at := slices.IndexFunc(k.sessions, func(one Session) bool { return one.AccessKeyID == id })
	if at < 0 {
		return key{}, false
	}
	one := k.sessions[at]
	return key{secret: one.AccessKeySecret, token: one.SecurityToken, expired: !now.Before(one.Expires)}, true
}

// nonceStore remembers the nonces that were used. A date is accepted from 15 minutes before to 15 minutes after the
// clock, so a nonce that is older than twice that belongs to a request that its date alone would refuse.
type nonceStore struct {
	mu    sync.Mutex
	used  map[string]struct{}
	order []usedNonce
}

type usedNonce struct {
	nonce string
	at    time.Time
}

// use reports whether the nonce was new, and marks it as used.
func (n *nonceStore) use(nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.order) > 0 && now.Sub(n.order[0].at) > 2*dateTolerance {
		delete(n.used, n.order[0].nonce)
		n.order = n.order[1:]
	}
	if _, known := n.used[nonce]; known {
		return false
	}
	if n.used == nil {
		n.used = map[string]struct{}{}
	}
	n.used[nonce] = struct{}{}
	n.order = append(n.order, usedNonce{nonce: nonce, at: now})
	return true
}
