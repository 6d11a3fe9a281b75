package identity

import (
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestSessionsAtSTS(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := startSandbox(t, paisandbox.Options{Now: watch.now})
	sts := startSTS(t, s, STSOptions{})
	mine, other := s.Issue(paisandbox.Session{}, time.Minute), s.Issue(paisandbox.Session{}, time.Hour)
	refused := func(r *rpc) string { return r.ask(t).errorCode(t) }

	if code := refused(newRPC(sts).with(paisandbox.Session{AccessKeyID: mine.AccessKeyID, AccessKeySecret: mine.AccessKeySecret})); code != "MissingSecurityToken" {
		t.Errorf("without its token: %s", code)
	}
	mixed := mine
	mixed.SecurityToken = other.SecurityToken
	if code := refused(newRPC(sts).with(mixed)); code != "InvalidSecurityToken.Malformed" {
		t.Errorf("with another's token: %s", code)
	}
	newRPC(sts).with(mine).session(t)
	watch.advance(time.Minute)
	if code := refused(newRPC(sts).with(mine)); code != "InvalidSecurityToken.Expired" {
		t.Errorf("with a session that has expired: %s", code)
	}
	newRPC(sts).with(other).session(t)
	s.ExpireSessions()
	if code := refused(newRPC(sts).with(other)); code != "InvalidSecurityToken.Expired" {
		t.Errorf("with a session that was ended: %s", code)
	}
}

func TestNonceIsForOneRequestToSTS(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sts := startSTS(t, s, STSOptions{})
	fixed := func(secret string) *rpc {
		r := newRPC(sts)
		r.common["SignatureNonce"], r.secret = "the one", secret
		return r
	}
	fixed("guess").ask(t)
	fixed(paisandbox.DefaultAccessKeySecret).session(t)
	if e := fixed(paisandbox.DefaultAccessKeySecret).ask(t).errorCode(t); e != "SignatureNonceUsed" {
		t.Errorf("got %s the second time", e)
	}
	if len(s.Sessions()) != 1 {
		t.Errorf("%d sessions", len(s.Sessions()))
	}
}

func TestSignatureErrorOfSTSRepeatsWhatWasSigned(t *testing.T) {
	t.Parallel()
	s := startSandbox(
		t, paisandbox.Options{AccessKeyID: "STS.TheAccessKeyId", AccessKeySecret: "secret", SecurityToken: "TheToken"},
	)
	given := paisandbox.Session{AccessKeyID: "STS.TheAccessKeyId", AccessKeySecret: "guess", SecurityToken: "TheToken"}
	r := newRPC(startSTS(t, s, STSOptions{})).with(given)
	message := r.ask(t).errorBody(t).Message
	for _, part := range []string{"string to sign is:POST&%2F&AccessKeyId%3DSTS.TheAccessKeyId%26Action", "SecurityToken%3DTheToken"} {
		if !strings.Contains(message, part) {
			t.Errorf("no %q in %q", part, message)
		}
	}
}
