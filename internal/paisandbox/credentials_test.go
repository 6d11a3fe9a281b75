package paisandbox

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock is one that a test turns on.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// as is a caller with a session.
func as(s *Sandbox, with Session) *caller {
	c := newCaller(s)
	c.id, c.secret, c.token = with.AccessKeyID, with.AccessKeySecret, with.SecurityToken
	return c
}

func TestSessionsAreLetInUntilTheyExpire(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := start(t, Options{Now: watch.now})
	short := s.Issue(Session{By: "a test", RoleARN: "acs:ram::1:role/x", Name: "me", AccessKeyID: "not taken", SecurityToken: "nor this"}, time.Minute)
	long := s.Issue(Session{}, 0)

	if short.AccessKeyID == "not taken" || short.SecurityToken == "nor this" {
		t.Errorf("a test's own credentials: %+v", short)
	}
	as(s, short).list(t, "")
	if got := s.Requests()[0].Header.Get("X-Acs-Security-Token"); got != short.SecurityToken {
		t.Errorf("the token %q was sent", got)
	}
	newCaller(s).list(t, "") // the static keys are still good
	watch.turn(time.Minute - time.Second)
	as(s, short).list(t, "")
	watch.turn(time.Second)
	if e := as(s, short).get(t, imagesPath).apiError(t); e.Code != "InvalidSecurityToken.Expired" {
		t.Errorf("got %s when the session had expired", e.Code)
	}
	watch.turn(DefaultLifetime - time.Minute - time.Second)
	as(s, long).list(t, "")
	watch.turn(time.Second)
	if a := as(s, long).get(t, imagesPath); a.StatusCode != http.StatusBadRequest || a.apiError(t).Code != "InvalidSecurityToken.Expired" {
		t.Errorf("got %s after the default lifetime", a.Status)
	}
}

func TestWrongPairsOfKeyAndToken(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	one, two := s.Issue(Session{}, 0), s.Issue(Session{}, 0)
	for name, tt := range map[string]struct {
		id, secret, token, code string
	}{
		"another session's token": {one.AccessKeyID, one.AccessKeySecret, two.SecurityToken, "InvalidSecurityToken.Malformed"},
		"unknown token":           {one.AccessKeyID, one.AccessKeySecret, "CAISnever", "InvalidSecurityToken.Malformed"},
		"no token":                {one.AccessKeyID, one.AccessKeySecret, "", "InvalidSecurityToken.Malformed"},
		"token on static keys":    {DefaultAccessKeyID, DefaultAccessKeySecret, one.SecurityToken, "InvalidSecurityToken.Malformed"},
		"another's secret":        {one.AccessKeyID, two.AccessKeySecret, one.SecurityToken, "SignatureDoesNotMatch"},
		"unknown session":         {"STS.NEVER", one.AccessKeySecret, one.SecurityToken, "InvalidAccessKeyId.NotFound"},
	} {
		c := as(s, Session{AccessKeyID: tt.id, AccessKeySecret: tt.secret, SecurityToken: tt.token})
		if e := c.get(t, imagesPath).apiError(t); e.Code != tt.code {
			t.Errorf("%s: %s", name, e.Code)
		}
	}
}

func TestExpireSessionsBetweenTwoPages(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := start(t, Options{Now: watch.now, Catalogue: Numbered(30)})
	first := s.Issue(Session{}, time.Hour)
	already := s.Issue(Session{}, time.Second)
	watch.turn(time.Minute)
	s.AddFault(Fault{Match: OnPage(1), Times: 1, Do: Call((*Sandbox).ExpireSessions)})
	c := as(s, first)
	c.list(t, "PageNumber=1&PageSize=20")
	if e := c.get(t, imagesPath+"?PageNumber=2&PageSize=20").apiError(t); e.Code != "InvalidSecurityToken.Expired" {
		t.Errorf("page 2: %s", e.Code)
	}
	as(s, s.Issue(Session{}, 0)).list(t, "PageNumber=2&PageSize=20")
	newCaller(s).list(t, "")

	all := s.Sessions()
	if len(all) != 3 || !all[0].Expires.Equal(watch.now()) || !all[1].Expires.Equal(already.Expires) || !all[2].Expires.After(watch.now()) {
		t.Errorf("sessions %+v", all)
	}
}

func TestSessionsAreListed(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := start(t, Options{Now: watch.now})
	if got := s.Sessions(); len(got) != 0 {
		t.Errorf("%d sessions before any", len(got))
	}
	one := s.Issue(Session{By: "a test", RoleARN: "acs:ram::1:role/x", Name: "me", Parent: "p"}, time.Minute)
	watch.turn(time.Second)
	two := s.Issue(Session{By: "OAuth"}, 0)
	if diff := cmp.Diff([]Session{one, two}, s.Sessions()); diff != "" {
		t.Error(diff)
	}
	if one.By != "a test" || one.RoleARN != "acs:ram::1:role/x" || one.Name != "me" || one.Parent != "p" ||
		!one.Issued.Equal(newClock().at) || !one.Expires.Equal(newClock().at.Add(time.Minute)) {
		t.Errorf("issued %+v", one)
	}
	for _, session := range []Session{one, two} {
		if !strings.HasPrefix(session.AccessKeyID, "STS.") || !strings.HasPrefix(session.SecurityToken, "CAIS") ||
			!strings.Contains(session.SecurityToken, "+/") || !strings.HasSuffix(session.SecurityToken, "=") {
			t.Errorf("not in the form of the service's: %+v", session)
		}
	}
	if one.AccessKeyID == two.AccessKeyID || one.AccessKeySecret == two.AccessKeySecret || one.SecurityToken == two.SecurityToken {
		t.Error("two sessions are one")
	}
	s.Sessions()[0].SecurityToken = "changed from outside"
	if s.Sessions()[0].SecurityToken != one.SecurityToken {
		t.Error("the list can be changed from outside")
	}
}

func TestSetCredentialsLeavesSessions(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	session := s.Issue(Session{}, 0)
	s.SetCredentials("other", "keys", "")
	as(s, session).list(t, "")
	newCaller(s).list(t, "")
}

func TestSessionsOfManyAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Catalogue: Numbered(1)})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			session := s.Issue(Session{}, 0)
			for range 5 {
				as(s, session).list(t, "")
				s.Sessions()
			}
		})
	}
	all.Wait()
	if got := len(s.Sessions()); got != 8 {
		t.Errorf("%d sessions", got)
	}
}
