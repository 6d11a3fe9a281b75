package identity

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestAssumeRoleWithOIDC(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := startSandbox(t, paisandbox.Options{Now: watch.now})
	sts := startSTS(t, s, STSOptions{OIDCProviders: []string{"acs:ram::1234:oidc-provider/ci"}, Roles: []string{testRole}})
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		r := newOIDC(sts, OIDCToken(s, "repo:me/mine", time.Minute))
		r.method = method
		r.form["Policy"], r.form["DurationSeconds"] = "{}", "1000"
		r.common["SignatureNonce"] = "as some of the vendor's SDKs"
		got, all := r.session(t), s.Sessions()
		issued := all[len(all)-1]
		if diff := cmp.Diff(&oidcTokenInfo{Subject: "repo:me/mine", Issuer: oidcIssuer, ClientIDs: "sts.aliyuncs.com"}, got.OIDCTokenInfo); diff != "" {
			t.Error(diff)
		}
		if issued.By != ByAssumeRoleWithOIDC || issued.RoleARN != testRole || issued.Name != "me" || issued.Parent != "" ||
			!issued.Expires.Equal(watch.now().Add(1000*time.Second)) || got.Credentials != credentialsOf(issued) {
			t.Errorf("issued %+v, answered %+v", issued, got)
		}
		if !admits(s, issued) {
			t.Error("the sandbox refuses the session")
		}
	}
	if seen := sts.Requests()[0]; seen.Action != "AssumeRoleWithOIDC" || seen.Parameter("OIDCToken") == "" {
		t.Errorf("logged %+v", seen)
	}
}

func TestOIDCThatSTSRefuses(t *testing.T) {
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
	for name, tt := range map[string]struct {
		bend    func(*rpc)
		options STSOptions
		status  int // 0: 401
		code    string
	}{
		"expired": {
			bend: func(r *rpc) { r.form["OIDCToken"] = OIDCToken(r.sts.sandbox, "x", -time.Second) },
			code: "AuthenticationFail.OIDCToken.Expired",
		},
		"expires now": {
			bend: func(r *rpc) { r.form["OIDCToken"] = OIDCToken(r.sts.sandbox, "x", 0) },
			code: "AuthenticationFail.OIDCToken.Expired",
		},
		"a line's end": {
			bend: token(func(old string) string { return old + "\n" }), code: "AuthenticationFail.OIDCToken.Invalid",
		},
		"cut off": {
			bend: token(func(old string) string { return old[:len(old)-6] }),
			code: "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"no token at all": {
			bend: token(func(string) string { return "the-token" }), code: "AuthenticationFail.OIDCToken.Invalid",
		},
		"other subject": {
			bend: part(1, encodeSegment([]byte(`{"sub":"other","exp":4000000000}`))),
			code: "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"claims are no JSON": {bend: part(1, encodeSegment([]byte("x"))), code: "AuthenticationFail.OIDCToken.Invalid"},
		"another issuer's": {
			bend: part(2, encodeSegment(make([]byte, 64))), code: "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"other header": {
			bend: part(0, encodeSegment([]byte(`{"alg":"none"}`))), code: "AuthenticationFail.OIDCToken.InvalidSignature",
		},
		"odd provider":     {bend: form("OIDCProviderArn", "ci"), code: "AuthenticationFail.NoPermission"},
		"unknown provider": {options: STSOptions{OIDCProviders: []string{}}, code: "AuthenticationFail.NoPermission"},
		"unknown role":     {options: STSOptions{Roles: []string{}}, status: 404, code: "EntityNotExist.Role"},
		"no role":          {bend: without("RoleArn"), status: 400, code: "MissingRoleArn"},
		"no token":         {bend: without("OIDCToken"), status: 400, code: "MissingOIDCToken"},
		"no provider":      {bend: without("OIDCProviderArn"), status: 400, code: "MissingOIDCProviderArn"},
		"no session name":  {bend: without("RoleSessionName"), status: 400, code: "MissingRoleSessionName"},
		"too short":        {bend: form("DurationSeconds", "60"), status: 400, code: "InvalidParameter.DurationSeconds"},
		"external id":      {bend: form("ExternalId", "not for this"), status: 400, code: "InvalidParameter.ExternalId"},
		"signed": {
			bend: func(r *rpc) { r.common["AccessKeyId"] = paisandbox.DefaultAccessKeyID }, status: 400,
			code: "InvalidParameter.AccessKeyId",
		},
		"old": {
			bend: func(r *rpc) { r.common["Timestamp"] = "2020-01-01T00:00:00Z" }, status: 400, code: "InvalidTimeStamp.Expired",
		},
		"twice": {
			bend: func(r *rpc) { r.common["RoleArn"] = testRole }, status: 400, code: "InvalidParameter.RoleArn",
		},
		"unknown parameter": {bend: form("OIDCTokenFile", "x"), status: 400, code: "InvalidParameter.OIDCTokenFile"},
		"of another authority": {
			bend: func(r *rpc) { r.form["OIDCToken"] = OIDCToken(other, "x", time.Hour) },
			code: "AuthenticationFail.OIDCToken.InvalidSignature",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, paisandbox.Options{})
			r := newOIDC(startSTS(t, s, tt.options), OIDCToken(s, "x", time.Hour))
			if tt.bend != nil {
				tt.bend(r)
			}
			if tt.status == 0 {
				tt.status = http.StatusUnauthorized
			}
			a := r.ask(t)
			if e := a.errorBody(t); e.Code != tt.code || a.StatusCode != tt.status {
				t.Errorf("got %d %s (%s), want %d %s", a.StatusCode, e.Code, e.Message, tt.status, tt.code)
			}
			if len(s.Sessions()) != 0 {
				t.Error("a session was handed out")
			}
		})
	}
}

// Sandboxes that share an authority trust each other's tokens.
func TestOIDCTokenOfASharedAuthority(t *testing.T) {
	t.Parallel()
	authority, err := paisandbox.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	one, two := startSandbox(t, paisandbox.Options{Authority: authority}), startSandbox(t, paisandbox.Options{Authority: authority})
	newOIDC(startSTS(t, one, STSOptions{}), OIDCToken(two, "x", time.Hour)).session(t)
	if len(one.Sessions()) != 1 || len(two.Sessions()) != 0 {
		t.Errorf("%d and %d sessions", len(one.Sessions()), len(two.Sessions()))
	}
}
