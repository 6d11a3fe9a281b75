package identity

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/certs"
)

func TestAssumeRoleWithOIDC(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, paisandbox.Options{Now: clock.now})
	sts := startSTS(t, s, STSOptions{OIDCProviders: []string{"acs:ram::1234:oidc-provider/ci"}, Roles: []string{testRole}})
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		r := newOIDC(sts, OIDCToken(s, "repo:me/mine", time.Minute))
		r.method = method
		r.form["Policy"], r.form["DurationSeconds"] = "{}", "1000"
		r.query["SignatureNonce"] = "as some of the vendor's SDKs"
		got, sessions := r.session(t), s.Sessions()
		issued := sessions[len(sessions)-1]
		info := &oidcTokenInfo{Subject: "repo:me/mine", Issuer: oidcIssuer, ClientIDs: "sts.aliyuncs.com"}
		if diff := cmp.Diff(info, got.OIDCTokenInfo); diff != "" {
			t.Errorf("OIDCTokenInfo (-want +got):\n%s", diff)
		}
		if issued.By != ByAssumeRoleWithOIDC || issued.RoleARN != testRole || issued.Name != "me" || issued.Parent != "" ||
			!issued.Expires.Equal(clock.now().Add(1000*time.Second)) || got.Credentials != credentialsOf(issued) {
			t.Errorf("issued %+v, response %+v", issued, got)
		}
		checkAccepted(t, s, issued, true)
	}
	if r := sts.Requests()[0]; r.Action != "AssumeRoleWithOIDC" || r.Parameter("OIDCToken") == "" {
		t.Errorf("request %+v", r)
	}
}

func TestAssumeRoleWithOIDCErrors(t *testing.T) {
	t.Parallel()
	form := func(name, value string) func(*rpc) {
		return func(r *rpc) { r.form[name] = value }
	}
	without := func(name string) func(*rpc) {
		return func(r *rpc) { delete(r.form, name) }
	}
	token := func(change func(string) string) func(*rpc) {
		return func(r *rpc) { r.form["OIDCToken"] = change(r.form["OIDCToken"]) }
	}
	part := func(n int, with string) func(*rpc) {
		return token(func(old string) string {
			parts := strings.Split(old, ".")
			parts[n] = with
			return strings.Join(parts, ".")
		})
	}
	other := startSandbox(t, paisandbox.Options{})
	for name, test := range map[string]struct {
		change  func(*rpc)
		options STSOptions
		status  int // 401 if 0
		code    string
	}{
		"expired": {
			change: func(r *rpc) { r.form["OIDCToken"] = OIDCToken(r.sts.sandbox, "x", -time.Second) },
			code:   "AuthenticationFail.OIDCToken.Expired",
		},
		"expires now": {
			change: func(r *rpc) { r.form["OIDCToken"] = OIDCToken(r.sts.sandbox, "x", 0) },
			code:   "AuthenticationFail.OIDCToken.Expired",
		},
		"newline": {
			change: token(func(old string) string { return old + "\n" }), code: "AuthenticationFail.OIDCToken.Invalid",
		},
		"truncated": {
			change: token(func(old string) string { return old[:len(old)-6] }),
			code:   "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"not a token": {
			change: token(func(string) string { return "the-token" }), code: "AuthenticationFail.OIDCToken.Invalid",
		},
		"other subject": {
			change: part(1, encodeSegment([]byte(`{"sub":"other","exp":4000000000}`))),
			code:   "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"claims aren't JSON": {change: part(1, encodeSegment([]byte("x"))), code: "AuthenticationFail.OIDCToken.Invalid"},
		"other signature": {
			change: part(2, encodeSegment(make([]byte, 64))), code: "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"other header": {
			change: part(0, encodeSegment([]byte(`{"alg":"none"}`))), code: "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"odd provider":     {change: form("OIDCProviderArn", "ci"), code: "AuthenticationFail.NoPermission"},
		"unknown provider": {options: STSOptions{OIDCProviders: []string{}}, code: "AuthenticationFail.NoPermission"},
		"unknown role":     {options: STSOptions{Roles: []string{}}, status: 404, code: "EntityNotExist.Role"},
		"no role":          {change: without("RoleArn"), status: 400, code: "MissingRoleArn"},
		"no token":         {change: without("OIDCToken"), status: 400, code: "MissingOIDCToken"},
		"no provider":      {change: without("OIDCProviderArn"), status: 400, code: "MissingOIDCProviderArn"},
		"no session name":  {change: without("RoleSessionName"), status: 400, code: "MissingRoleSessionName"},
		"too short":        {change: form("DurationSeconds", "60"), status: 400, code: "InvalidParameter.DurationSeconds"},
		"external id":      {change: form("ExternalId", "not for this"), status: 400, code: "InvalidParameter.ExternalId"},
		"signed": {
			change: func(r *rpc) { r.query["AccessKeyId"] = paisandbox.DefaultAccessKeyID }, status: 400,
			code: "InvalidParameter.AccessKeyId",
		},
		"old": {
			change: func(r *rpc) { r.query["Timestamp"] = "2020-01-01T00:00:00Z" },
			status: 400, code: "InvalidTimeStamp.Expired",
		},
		"twice": {
			change: func(r *rpc) { r.query["RoleArn"] = testRole }, status: 400, code: "InvalidParameter.RoleArn",
		},
		"unknown parameter": {change: form("OIDCTokenFile", "x"), status: 400, code: "InvalidParameter.OIDCTokenFile"},
		"other authority": {
			change: func(r *rpc) { r.form["OIDCToken"] = OIDCToken(other, "x", time.Hour) },
			code:   "AuthenticationFail.OIDCToken.InvalidSignature",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, paisandbox.Options{})
			r := newOIDC(startSTS(t, s, test.options), OIDCToken(s, "x", time.Hour))
			if test.change != nil {
				test.change(r)
			}
			if test.status == 0 {
				test.status = http.StatusUnauthorized
			}
			got := r.send(t)
			if e := got.errorBody(t); e.Code != test.code || got.StatusCode != test.status {
				t.Errorf("%d %+v, want %d %s", got.StatusCode, e, test.status, test.code)
			}
			if len(s.Sessions()) != 0 {
				t.Error("a session was issued")
			}
		})
	}
}

func TestOIDCTokenOfSharedAuthority(t *testing.T) {
	t.Parallel()
	authority, err := certs.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	first := startSandbox(t, paisandbox.Options{Authority: authority})
	second := startSandbox(t, paisandbox.Options{Authority: authority})
	newOIDC(startSTS(t, first, STSOptions{}), OIDCToken(second, "x", time.Hour)).session(t)
	if len(first.Sessions()) != 1 || len(second.Sessions()) != 0 {
		t.Errorf("%d and %d sessions, want 1 and 0", len(first.Sessions()), len(second.Sessions()))
	}
}
