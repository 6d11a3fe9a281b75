package paisandbox

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const expiredToken = "InvalidSecurityToken.Expired"

var testEpoch = time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)

// testClock is a clock that starts at testEpoch and that a test advances.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *testClock { return &testClock{at: testEpoch} }

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestIssue(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, Options{Now: clock.now})
	if got := s.Sessions(); len(got) != 0 {
		t.Errorf("got %d sessions of a new sandbox", len(got))
	}
	first := s.Issue(Session{
		By: "a test", RoleARN: "acs:ram::1:role/x", Name: "me", Parent: "p", AccessKeyID: "ignored", SecurityToken: "ignored",
	}, time.Minute)
	clock.advance(time.Second)
	second := s.Issue(Session{By: "OAuth"}, 0)
	if diff := cmp.Diff([]Session{first, second}, s.Sessions()); diff != "" {
		t.Error(diff)
	}
	want := Session{
		AccessKeyID: first.AccessKeyID, AccessKeySecret: first.AccessKeySecret, SecurityToken: first.SecurityToken,
		By: "a test", RoleARN: "acs:ram::1:role/x", Name: "me", Parent: "p",
		Issued: testEpoch, Expires: testEpoch.Add(time.Minute),
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error(diff)
	}
	for _, session := range []Session{first, second} {
		if !strings.HasPrefix(session.AccessKeyID, "STS.") || !strings.HasPrefix(session.SecurityToken, "CAIS") ||
			!strings.Contains(session.SecurityToken, "+/") || !strings.HasSuffix(session.SecurityToken, "=") {
			t.Errorf("the credentials don't have the format of STS: %+v", session)
		}
	}
	if first.AccessKeyID == second.AccessKeyID || first.AccessKeySecret == second.AccessKeySecret ||
		first.SecurityToken == second.SecurityToken {
		t.Error("two sessions share credentials")
	}
	s.Sessions()[0].SecurityToken = "changed from outside"
	if s.Sessions()[0].SecurityToken != first.SecurityToken {
		t.Error("Sessions doesn't return a copy")
	}
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, Options{Now: clock.now})
	short, long := s.Issue(Session{}, time.Minute), s.Issue(Session{}, 0)

	newSessionCaller(s, short).list(t, "")
	if got := s.Requests()[0].Header.Get("X-Acs-Security-Token"); got != short.SecurityToken {
		t.Errorf("got token %q in the request, want %q", got, short.SecurityToken)
	}
	newCaller(s).list(t, "") // the sandbox's own credentials remain valid
	clock.advance(time.Minute - time.Second)
	newSessionCaller(s, short).list(t, "")
	clock.advance(time.Second)
	if e := newSessionCaller(s, short).get(t, imagesPath).apiError(t); e.Code != expiredToken {
		t.Errorf("got %s after the lifetime, want %s", e.Code, expiredToken)
	}
	clock.advance(DefaultLifetime - time.Minute - time.Second)
	newSessionCaller(s, long).list(t, "")
	clock.advance(time.Second)
	if e := newSessionCaller(s, long).get(t, imagesPath).apiError(t); e.Code != expiredToken {
		t.Errorf("got %s after the default lifetime, want %s", e.Code, expiredToken)
	}
}

func TestMixedCredentials(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	one, two := s.Issue(Session{}, 0), s.Issue(Session{}, 0)
	const malformed = "InvalidSecurityToken.Malformed"
	for name, tt := range map[string]struct {
		id, secret, token, code string
	}{
		"another session's token":  {one.AccessKeyID, one.AccessKeySecret, two.SecurityToken, malformed},
		"unknown token":            {one.AccessKeyID, one.AccessKeySecret, "CAISnever", malformed},
		"no token":                 {one.AccessKeyID, one.AccessKeySecret, "", malformed},
		"token with permanent key": {DefaultAccessKeyID, DefaultAccessKeySecret, one.SecurityToken, malformed},
		"another session's secret": {one.AccessKeyID, two.AccessKeySecret, one.SecurityToken, "SignatureDoesNotMatch"},
		"unknown session":          {"STS.NEVER", one.AccessKeySecret, one.SecurityToken, "InvalidAccessKeyId.NotFound"},
	} {
		c := newSessionCaller(s, Session{AccessKeyID: tt.id, AccessKeySecret: tt.secret, SecurityToken: tt.token})
		if e := c.get(t, imagesPath).apiError(t); e.Code != tt.code {
			t.Errorf("%s: got %s, want %s", name, e.Code, tt.code)
		}
	}
}

func TestExpireSessionsBetweenPages(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, Options{Now: clock.now, Catalogue: Numbered(30)})
	first := s.Issue(Session{}, time.Hour)
	expired := s.Issue(Session{}, time.Second)
	clock.advance(time.Minute)
	s.AddFault(Fault{Match: OnPage(1), Times: 1, Do: Call((*Sandbox).ExpireSessions)})
	c := newSessionCaller(s, first)
	c.list(t, "PageNumber=1&PageSize=20")
	if e := c.get(t, imagesPath+"?PageNumber=2&PageSize=20").apiError(t); e.Code != expiredToken {
		t.Errorf("got %s for page 2, want %s", e.Code, expiredToken)
	}
	newSessionCaller(s, s.Issue(Session{}, 0)).list(t, "PageNumber=2&PageSize=20")
	newCaller(s).list(t, "")

	got := s.Sessions()
	if len(got) != 3 || !got[0].Expires.Equal(clock.now()) || !got[1].Expires.Equal(expired.Expires) ||
		!got[2].Expires.After(clock.now()) {
		t.Errorf("got sessions %+v", got)
	}
}

func TestConcurrentSessions(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(1)})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			session := s.Issue(Session{}, 0)
			for range 5 {
				newSessionCaller(s, session).list(t, "")
				s.Sessions()
			}
		})
	}
	clients.Wait()
	if got := len(s.Sessions()); got != 8 {
		t.Errorf("got %d sessions, want 8", got)
	}
}

func TestSetCredentials(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{AccessKeyID: "key", AccessKeySecret: "secret"})
	permanent, issued := newCaller(s), newSessionCaller(s, s.Issue(Session{}, 0))
	s.SetCredentials("session-1", "secret-1", "token-1")
	first := newCaller(s)
	s.SetCredentials("session-2", "secret-2", "token-2")
	second := newCaller(s)

	if e := permanent.get(t, imagesPath).apiError(t); e.Code != "InvalidAccessKeyId.NotFound" {
		t.Errorf("got %s for the earlier access key", e.Code)
	}
	if e := first.get(t, imagesPath).apiError(t); e.Code != expiredToken {
		t.Errorf("got %s for the earlier token, want %s", e.Code, expiredToken)
	}
	second.list(t, "")
	issued.list(t, "")
}

func TestNonceStoreForgetsOldNonces(t *testing.T) {
	t.Parallel()
	var n nonceStore
	if !n.use("a", testEpoch) || n.use("a", testEpoch.Add(2*dateTolerance)) {
		t.Error("a nonce is not remembered as long as a request with it can be accepted")
	}
	if !n.use("a", testEpoch.Add(2*dateTolerance+time.Second)) || len(n.order) != 1 || len(n.used) != 1 {
		t.Error("an old nonce is not forgotten")
	}
}
