package identity

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, paisandbox.Options{Now: clock.now})
	sts := startSTS(t, s, STSOptions{})
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		r := newRPC(sts)
		r.method = method
		r.form["DurationSeconds"], r.form["ExternalId"] = "900", "a=b,c"
		r.form["Policy"] = `{"Statement": [{"Action": ["pai:*"]}], "Version": "1"}`
		got, sessions := r.session(t), s.Sessions()
		issued := sessions[len(sessions)-1]
		want := assumeRoleResponse{RequestID: got.RequestID, Credentials: credentials{
			AccessKeyID: issued.AccessKeyID, AccessKeySecret: issued.AccessKeySecret, SecurityToken: issued.SecurityToken,
			Expiration: "2026-05-06T07:23:09Z",
		}}
		want.AssumedRoleUser.ARN, want.AssumedRoleUser.ID = testRole+"/me", "31234:me"
		if diff := cmp.Diff(want, got); diff != "" || got.RequestID == "" {
			t.Errorf("%s: response (-want +got):\n%s", method, diff)
		}
		if issued.By != ByAssumeRole || issued.RoleARN != testRole || issued.Name != "me" ||
			issued.Parent != paisandbox.DefaultAccessKeyID {
			t.Errorf("%s: issued %+v", method, issued)
		}
		checkAccepted(t, s, issued, true)
	}
	clock.advance(15 * time.Minute)
	checkAccepted(t, s, s.Sessions()[0], false)
}

func TestAssumeRoleWithSession(t *testing.T) {
	t.Parallel()
	given := paisandbox.Session{AccessKeyID: "STS.given", AccessKeySecret: "secret", SecurityToken: "a given+/token="}
	s := startSandbox(t, paisandbox.Options{
		AccessKeyID: given.AccessKeyID, AccessKeySecret: given.AccessKeySecret, SecurityToken: given.SecurityToken,
	})
	sts := startSTS(t, s, STSOptions{})
	newRPC(sts).signWith(given).session(t)
	first := s.Sessions()[0]
	newRPC(sts).signWith(first).session(t)
	second := s.Sessions()[1]
	if first.Parent != "STS.given" || second.Parent != first.AccessKeyID {
		t.Errorf("the parents are %s and %s", first.Parent, second.Parent)
	}
	checkAccepted(t, s, second, true)
}

func TestSTSLifetime(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, paisandbox.Options{Now: clock.now})
	for name, test := range map[string]struct {
		options  STSOptions
		duration string
		want     string
	}{
		"default":           {STSOptions{}, "", "2026-05-06T08:08:09Z"},
		"request":           {STSOptions{}, "43200", "2026-05-06T19:08:09Z"},
		"option":            {STSOptions{Lifetime: 90 * time.Second}, "", "2026-05-06T07:09:39Z"},
		"option, requested": {STSOptions{Lifetime: 90 * time.Second}, "43200", "2026-05-06T07:09:39Z"},
	} {
		r := newRPC(startSTS(t, s, test.options))
		if test.duration != "" {
			r.form["DurationSeconds"] = test.duration
		}
		if got := r.session(t).Credentials.Expiration; got != test.want {
			t.Errorf("%s: expires %s, want %s", name, got, test.want)
		}
	}
}

// TestSTSRefusesSessions checks sessions with a missing or wrong token, and expired sessions.
func TestSTSRefusesSessions(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, paisandbox.Options{Now: clock.now})
	sts := startSTS(t, s, STSOptions{})
	minute, hour := s.Issue(paisandbox.Session{}, time.Minute), s.Issue(paisandbox.Session{}, time.Hour)
	checkCode := func(session paisandbox.Session, want string) {
		t.Helper()
		if got := newRPC(sts).signWith(session).send(t).errorCode(t); got != want {
			t.Errorf("code %s, want %s", got, want)
		}
	}
	changed := minute
	changed.SecurityToken = ""
	checkCode(changed, "MissingSecurityToken")
	changed.SecurityToken = hour.SecurityToken
	checkCode(changed, "InvalidSecurityToken.Malformed")
	newRPC(sts).signWith(minute).session(t)
	clock.advance(time.Minute)
	checkCode(minute, "InvalidSecurityToken.Expired")
	newRPC(sts).signWith(hour).session(t)
	s.ExpireSessions()
	checkCode(hour, "InvalidSecurityToken.Expired")
}

// TestSTSRefusesUsedNonce checks that a nonce can be used only once. A request with a wrong signature doesn't use up
// its nonce.
func TestSTSRefusesUsedNonce(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sts := startSTS(t, s, STSOptions{})
	withNonce := func(secret string) *rpc {
		r := newRPC(sts)
		r.query["SignatureNonce"], r.secret = "once", secret
		return r
	}
	withNonce("wrong").send(t)
	withNonce(paisandbox.DefaultAccessKeySecret).session(t)
	if got := withNonce(paisandbox.DefaultAccessKeySecret).send(t).errorCode(t); got != "SignatureNonceUsed" {
		t.Errorf("code %s for the second request", got)
	}
	if got := len(s.Sessions()); got != 1 {
		t.Errorf("%d sessions, want 1", got)
	}
}

// TestSignatureErrorRepeatsRequest checks that the error message contains the signed string, as that of the real
// service does. Clients must not show this message.
func TestSignatureErrorRepeatsRequest(t *testing.T) {
	t.Parallel()
	given := paisandbox.Session{AccessKeyID: "STS.TheAccessKeyId", AccessKeySecret: "wrong", SecurityToken: "TheToken"}
	s := startSandbox(t, paisandbox.Options{
		AccessKeyID: given.AccessKeyID, AccessKeySecret: "secret", SecurityToken: given.SecurityToken,
	})
	message := newRPC(startSTS(t, s, STSOptions{})).signWith(given).send(t).errorBody(t).Message
	for _, part := range []string{
		"string to sign is:POST&%2F&AccessKeyId%3DSTS.TheAccessKeyId%26Action", "SecurityToken%3DTheToken",
	} {
		if !strings.Contains(message, part) {
			t.Errorf("the message doesn't contain %q: %q", part, message)
		}
	}
}

func TestSTSRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sts := startSTS(t, s, STSOptions{})
	newRPC(sts).session(t)
	wrong := newRPC(sts)
	wrong.secret = "wrong"
	wrong.send(t)
	requests := sts.Requests()
	if len(requests) != 2 {
		t.Fatalf("requests %+v, want 2", requests)
	}
	for i, status := range []int{200, 400} {
		r := requests[i]
		if r.Action != "AssumeRole" || r.Host != sts.Host() || r.Status != status || r.Method != http.MethodPost ||
			r.Header.Get("Content-Type") == "" || r.Query.Get("Version") != "2015-04-01" ||
			r.Form.Get("RoleArn") != testRole || r.Parameter("RoleArn") != testRole ||
			r.Parameter("AccessKeyId") != paisandbox.DefaultAccessKeyID || r.Parameter("Other") != "" {
			t.Errorf("request %+v", r)
		}
	}
	requests[0].Form.Set("RoleArn", "changed by the caller")
	if got := sts.Requests(); got[0].Parameter("RoleArn") != testRole || got[1].ErrorCode != "SignatureDoesNotMatch" {
		t.Errorf("requests %+v", got)
	}
	if got := s.Requests(); len(got) != 0 {
		t.Errorf("the API has the requests %+v, want none", got)
	}
}

func TestConcurrentSTSRequests(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sts := startSTS(t, s, STSOptions{})
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() { newRPC(sts).session(t) })
	}
	wait.Wait()
	if len(s.Sessions()) != 10 || len(sts.Requests()) != 10 {
		t.Errorf("%d sessions and %d requests, want 10", len(s.Sessions()), len(sts.Requests()))
	}
}

func TestSTSFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		do            paisandbox.Effect
		status        int
		with, without string // part of the body, and text that the body must not contain
		issued        bool   // whether the STS issued a session
	}{
		"error": {
			paisandbox.APIError(403, "NoPermission", "no"), 403, `"Code":"NoPermission","Message":"no"`, "AccessKey", false,
		},
		"no credentials":   {paisandbox.OmitMember("Credentials"), 200, `"RequestId":"`, "AccessKey", true},
		"null credentials": {paisandbox.SetMember(nil, "Credentials"), 200, `"Credentials":null`, "AccessKey", true},
		"no expiration": {
			paisandbox.OmitMember("Credentials", "Expiration"), 200, `"SecurityToken":"CAIS`, "Expiration", true,
		},
		"null":     {paisandbox.Body(200, "null"), 200, "null", "RequestId", false},
		"HTML":     {paisandbox.ServerError(502), 502, "<html>", "RequestId", false},
		"redirect": {paisandbox.RedirectWithBody("https://127.0.0.1:1/"), 307, "", "RequestId", false},
		"other secret": {
			paisandbox.SetMember("other", "Credentials", "AccessKeySecret"), 200, `"AccessKeySecret":"other"`, "null", true,
		},
		"missing member": {paisandbox.OmitMember("OIDCTokenInfo", "Subject"), 200, `"Expiration":"`, "null", true},
		"no member":      {paisandbox.OmitMember(), 200, `"Expiration":"`, "null", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, paisandbox.Options{})
			sts := startSTS(t, s, STSOptions{})
			sts.AddFault(paisandbox.Fault{Match: paisandbox.OnParameter("RoleArn", testRole), Times: 2, Do: test.do})
			for range 2 {
				got := newRPC(sts).send(t)
				body := string(got.body)
				if got.StatusCode != test.status || !strings.Contains(body, test.with) || strings.Contains(body, test.without) {
					t.Errorf("%s: %s", got.Status, body)
				}
			}
			if got := len(s.Sessions()); (got == 2) != test.issued || (got == 0) == test.issued {
				t.Errorf("%d sessions", got)
			}
			newRPC(sts).session(t)
			sts.AddFault(paisandbox.Fault{Match: paisandbox.OnParameter("RoleArn", "other"), Do: test.do})
			newRPC(sts).session(t)
		})
	}
}

func TestOmitMemberOfOtherBodies(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"[]", "null", "<p>", `{"Credentials":"x"}`} {
		sts := startSTS(t, startSandbox(t, paisandbox.Options{}), STSOptions{})
		sts.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, body)})
		sts.AddFault(paisandbox.Fault{Do: paisandbox.OmitMember("Credentials", "Expiration")})
		if got := newRPC(sts).send(t); string(got.body) != body {
			t.Errorf("%s has become %s", body, got.body)
		}
	}
}
