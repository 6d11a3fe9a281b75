package identity

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func TestSidecar(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := startSandbox(t, paisandbox.Options{Now: clock.now})
	sidecar, err := StartSidecar(t.Context(), s, SidecarOptions{Lifetime: 5 * time.Minute, RoleARN: testRole})
	if err != nil {
		t.Fatal(err)
	}
	client := newTLSClient(nil)
	for i, path := range []string{"", "/", "/credentials?token=x"} {
		r := fetch(t, client, http.MethodGet, sidecar.URL()+path, nil)
		var got successResponse
		decodeStrictly(t, r.body, &got)
		issued := s.Sessions()[i]
		want := successResponse{Code: "Success", credentials: credentials{
			AccessKeyID: issued.AccessKeyID, AccessKeySecret: issued.AccessKeySecret, SecurityToken: issued.SecurityToken,
			Expiration: "2026-05-06T07:13:09Z",
		}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(successResponse{})); diff != "" || r.StatusCode != http.StatusOK {
			t.Errorf("%s: response (-want +got):\n%s", r.Status, diff)
		}
		if issued.By != BySidecar || issued.RoleARN != testRole {
			t.Errorf("issued %+v", issued)
		}
		checkAccepted(t, s, issued, true)
	}
	if got := fetch(t, client, http.MethodPost, sidecar.URL(), nil); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s", got.Status)
	}
	if len(sidecar.Requests()) != 4 || len(s.Sessions()) != 3 {
		t.Errorf("%d requests and %d sessions, want 4 and 3", len(sidecar.Requests()), len(s.Sessions()))
	}
}

func TestSidecarWithTLS(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sidecar, err := StartSidecar(t.Context(), s, SidecarOptions{TLS: true})
	if err != nil {
		t.Fatal(err)
	}
	got := fetch(t, newTLSClient(s.Authority().PEM()), http.MethodGet, sidecar.URL(), nil)
	if got.StatusCode != http.StatusOK || got.TLS == nil || len(s.Sessions()) != 1 {
		t.Errorf("%s from %s, %d sessions", got.Status, sidecar.URL(), len(s.Sessions()))
	}
}

func TestSidecarFaults(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sidecar, err := StartSidecar(t.Context(), s, SidecarOptions{})
	if err != nil {
		t.Fatal(err)
	}
	client := newTLSClient(nil)
	for name, test := range map[string]struct {
		do     paisandbox.Effect
		status int
		code   string // the member Code of the body
	}{
		"other code":   {paisandbox.SetMember("Failed", "Code"), 200, "Failed"},
		"server error": {paisandbox.ServerError(500), 500, ""},
		"malformed":    {paisandbox.Body(200, `{"AccessKeyId":`), 200, ""},
		"redirect":     {paisandbox.Redirect("http://127.0.0.1:1"), 302, ""},
	} {
		sidecar.ClearFaults()
		sidecar.AddFault(paisandbox.Fault{Do: test.do})
		r := fetch(t, client, http.MethodGet, sidecar.URL(), nil)
		if r.StatusCode != test.status {
			t.Errorf("%s: %s, want %d", name, r.Status, test.status)
		}
		if test.code != "" {
			var got successResponse
			decodeStrictly(t, r.body, &got)
			if got.Code != test.code || got.SecurityToken != s.Sessions()[0].SecurityToken {
				t.Errorf("%s: %s", name, r.body)
			}
		}
	}
	if got := s.Sessions(); len(got) != 1 || got[0].Expires.Sub(got[0].Issued) != paisandbox.DefaultLifetime {
		t.Errorf("sessions %+v, want one of the default lifetime", got)
	}
}
