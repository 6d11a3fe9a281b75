package paisandbox

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// plain asks a server over plain HTTP, or through a proxy that a client leads to.
func plain(t *testing.T, client *http.Client, method, url string, header http.Header) result {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	return fetch(t, client, request)
}

func TestSidecar(t *testing.T) {
	t.Parallel()
	watch := newClock()
	s := start(t, Options{Now: watch.now})
	sidecar, err := s.StartSidecar(t.Context(), SidecarOptions{Lifetime: 5 * time.Minute, RoleARN: testRole})
	if err != nil {
		t.Fatal(err)
	}
	client := trusting(nil)
	for k, path := range []string{"", "/", "/credentials?token=x"} {
		a := plain(t, client, http.MethodGet, sidecar.URL()+path, nil)
		var got successAnswer
		decodeStrictly(t, a.body, &got)
		issued := s.Sessions()[k]
		want := successAnswer{Code: "Success", credentialsAnswer: credentialsAnswer{
			AccessKeyID: issued.AccessKeyID, AccessKeySecret: issued.AccessKeySecret, SecurityToken: issued.SecurityToken,
			Expiration: "2026-05-06T07:13:09Z",
		}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(successAnswer{})); diff != "" || a.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", a.Status, diff)
		}
		if issued.By != BySidecar || issued.RoleARN != testRole {
			t.Errorf("issued %+v", issued)
		}
		as(s, issued).list(t, "")
	}
	if a := plain(t, client, http.MethodPost, sidecar.URL(), nil); a.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a POST gets %s", a.Status)
	}
	if len(sidecar.Requests()) != 4 || len(s.Sessions()) != 3 {
		t.Errorf("%d sessions for %d requests", len(s.Sessions()), len(sidecar.Requests()))
	}
}

func TestSidecarFaults(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	sidecar, err := s.StartSidecar(t.Context(), SidecarOptions{})
	if err != nil {
		t.Fatal(err)
	}
	client := trusting(nil)
	for name, tt := range map[string]struct {
		do     Effect
		status int
		code   string // in the body
	}{
		"other code": {Put("Failed", "Code"), 200, "Failed"},
		"broken":     {ServerError(500), 500, ""},
		"malformed":  {Body(200, `{"AccessKeyId":`), 200, ""},
		"redirect":   {Redirect("http://127.0.0.1:1"), 302, ""},
	} {
		sidecar.ClearFaults()
		sidecar.AddFault(Fault{Do: tt.do})
		a := plain(t, client, http.MethodGet, sidecar.URL(), nil)
		if a.StatusCode != tt.status {
			t.Errorf("%s: %s", name, a.Status)
		}
		if tt.code != "" {
			var got successAnswer
			decodeStrictly(t, a.body, &got)
			if got.Code != tt.code || got.SecurityToken != s.Sessions()[0].SecurityToken {
				t.Errorf("%s: %s", name, a.body)
			}
		}
	}
	if got := s.Sessions(); len(got) != 1 || got[0].Expires.Sub(got[0].Issued) != DefaultLifetime {
		t.Errorf("sessions %+v", got)
	}
}
