package identity

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := startSandbox(t, paisandbox.Options{Now: watch.now})
	sts := startSTS(t, s, STSOptions{})
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		r := newRPC(sts)
		r.method = method
		r.form["DurationSeconds"], r.form["Policy"], r.form["ExternalId"] = "900", `{"Statement": [{"Action": ["pai:*"]}], "Version": "1"}`, "a=b,c"
		got, all := r.session(t), s.Sessions()
		issued := all[len(all)-1]
		want := assumeRoleResponse{RequestID: got.RequestID, Credentials: credentials{
			AccessKeyID: issued.AccessKeyID, AccessKeySecret: issued.AccessKeySecret, SecurityToken: issued.SecurityToken,
			Expiration: "2026-05-06T07:23:09Z",
		}}
		want.AssumedRoleUser.ARN, want.AssumedRoleUser.ID = testRole+"/me", "31234:me"
		if diff := cmp.Diff(want, got); diff != "" || got.RequestID == "" {
			t.Errorf("%s: %s", method, diff)
		}
		if issued.By != ByAssumeRole || issued.RoleARN != testRole || issued.Name != "me" || issued.Parent != paisandbox.DefaultAccessKeyID {
			t.Errorf("issued %+v", issued)
		}
		if !admits(s, issued) {
			t.Error("the sandbox refuses the session")
		}
	}
	watch.advance(15 * time.Minute)
	if admits(s, s.Sessions()[0]) {
		t.Error("the sandbox accepts the session after the requested duration")
	}
}

func TestAssumeRoleOnTopOfASession(t *testing.T) {
	t.Parallel()
	given := paisandbox.Session{AccessKeyID: "STS.given", AccessKeySecret: "secret", SecurityToken: "a given+/token="}
	s := startSandbox(t, paisandbox.Options{
		AccessKeyID: given.AccessKeyID, AccessKeySecret: given.AccessKeySecret, SecurityToken: given.SecurityToken,
	})
	sts := startSTS(t, s, STSOptions{})
	newRPC(sts).with(given).session(t)
	first := s.Sessions()[0]
	newRPC(sts).with(first).session(t)
	if second := s.Sessions()[1]; first.Parent != "STS.given" || second.Parent != first.AccessKeyID {
		t.Errorf("asked for by %s and %s", first.Parent, second.Parent)
	} else {
		if !admits(s, second) {
			t.Error("the sandbox refuses the session")
		}
	}
}

func TestLifetimeOfOptions(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := startSandbox(t, paisandbox.Options{Now: watch.now})
	sts := startSTS(t, s, STSOptions{Lifetime: 90 * time.Second})
	if got := newRPC(sts).session(t).Credentials.Expiration; got != "2026-05-06T07:09:39Z" {
		t.Errorf("expires %s", got)
	}
	if got := newRPC(startSTS(t, s, STSOptions{})).session(t).Credentials.Expiration; got != "2026-05-06T08:08:09Z" {
		t.Errorf("expires %s where nothing says when", got)
	}
	r := newRPC(sts)
	r.form["DurationSeconds"] = "43200"
	r.session(t)
	if got := s.Sessions()[2].Expires; !got.Equal(watch.now().Add(90 * time.Second)) {
		t.Errorf("expires %s", got)
	}
}

func TestRequestsToSTSAreLogged(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sts := startSTS(t, s, STSOptions{})
	newRPC(sts).session(t)
	r := newRPC(sts)
	r.secret = "guess"
	r.ask(t)
	seen := sts.Requests()
	if len(seen) != 2 {
		t.Fatalf("logged %+v", seen)
	}
	for k, status := range []int{200, 400} {
		if seen[k].Action != "AssumeRole" || seen[k].Host != sts.Host() || seen[k].Status != status || seen[k].Method != http.MethodPost ||
			seen[k].Header.Get("Content-Type") == "" || seen[k].Query.Get("Version") != "2015-04-01" || seen[k].Form.Get("RoleArn") != testRole ||
			seen[k].Parameter("RoleArn") != testRole || seen[k].Parameter("AccessKeyId") != paisandbox.DefaultAccessKeyID || seen[k].Parameter("Other") != "" {
			t.Errorf("logged %+v", seen[k])
		}
	}
	seen[0].Form.Set("RoleArn", "changed from outside")
	if sts.Requests()[0].Parameter("RoleArn") != testRole || seen[1].ErrorCode != "SignatureDoesNotMatch" {
		t.Errorf("logged %+v", sts.Requests())
	}
	if len(s.Requests()) != 0 {
		t.Error("a request to STS is logged as one of the API")
	}
}

func TestTokensOfManyAtOnce(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sts := startSTS(t, s, STSOptions{})
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { newRPC(sts).session(t) })
	}
	all.Wait()
	if len(s.Sessions()) != 10 || len(sts.Requests()) != 10 {
		t.Errorf("%d sessions for %d requests", len(s.Sessions()), len(sts.Requests()))
	}
}
