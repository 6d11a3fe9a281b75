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
	watch := newClock()
	s := startSandbox(t, paisandbox.Options{Now: watch.now})
	sidecar, err := StartSidecar(t.Context(), s, SidecarOptions{Lifetime: 5 * time.Minute, RoleARN: testRole})
	if err != nil {
		t.Fatal(err)
	}
	client := trusting(nil)
	for k, path := range []string{"", "/", "/credentials?token=x"} {
		a := request(t, client, http.MethodGet, sidecar.URL()+path, nil)
		var got successResponse
		decodeStrictly(t, a.body, &got)
		issued := s.Sessions()[k]
		want := successResponse{Code: "Success", credentials: credentials{
			AccessKeyID: issued.AccessKeyID, AccessKeySecret: issued.AccessKeySecret, SecurityToken: issued.SecurityToken,
			Expiration: "2026-05-06T07:13:09Z",
		}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(successResponse{})); diff != "" || a.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", a.Status, diff)
		}
		if issued.By != BySidecar || issued.RoleARN != testRole {
			t.Errorf("issued %+v", issued)
		}
		if !admits(s, issued) {
			t.Error("the sandbox refuses the session")
		}
	}
	if a := request(t, client, http.MethodPost, sidecar.URL(), nil); a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a POST gets %s", a.Status)
	}
	if len(sidecar.Requests()) != 4 || len(s.Sessions()) != 3 {
		t.Errorf("%d sessions for %d requests", len(s.Sessions()), len(sidecar.Requests()))
	}
}

func TestSidecarFaults(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	sidecar, err := StartSidecar(t.Context(), s, SidecarOptions{})
	if err != nil {
		t.Fatal(err)
	}
	client := trusting(nil)
	for name, tt := range map[string]struct {
		do     paisandbox.Effect
		status int
		code   string // in the body
	}{
		"other code": {paisandbox.SetMember("Failed", "Code"), 200, "Failed"},
		"broken":     {paisandbox.ServerError(500), 500, ""},
		"malformed":  {paisandbox.Body(200, `{"AccessKeyId":`), 200, ""},
		"redirect":   {paisandbox.Redirect("http://127.0.0.1:1"), 302, ""},
	} {
		sidecar.ClearFaults()
		sidecar.AddFault(paisandbox.Fault{Do: tt.do})
		a := request(t, client, http.MethodGet, sidecar.URL(), nil)
		if a.StatusCode != tt.status {
			t.Errorf("%s: %s", name, a.Status)
		}
		if tt.code != "" {
			var got successResponse
			decodeStrictly(t, a.body, &got)
			if got.Code != tt.code || got.SecurityToken != s.Sessions()[0].SecurityToken {
				t.Errorf("%s: %s", name, a.body)
			}
		}
	}
	if got := s.Sessions(); len(got) != 1 || got[0].Expires.Sub(got[0].Issued) != paisandbox.DefaultLifetime {
		t.Errorf("sessions %+v", got)
	}
}
