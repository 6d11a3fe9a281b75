package identity

import (
	"net/http"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func startMetadata(t *testing.T, s *paisandbox.Sandbox, o MetadataOptions) *Metadata {
	t.Helper()
	m, err := StartMetadata(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]MetadataOptions{
		"default": {}, "named": {Role: "mine", Lifetime: 2 * time.Hour}, "token required": {TokenRequired: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			watch := newClock()
			s := startSandbox(t, paisandbox.Options{Now: watch.now})
			m, client := startMetadata(t, s, o), trusting(nil)
			want, lasts := o.Role, o.Lifetime
			if want == "" {
				want, lasts = DefaultMetadataRole, paisandbox.DefaultLifetime
			}
			token := request(
				t, client, http.MethodPut, m.URL()+"/latest/api/token",
				http.Header{"X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds": {"60"}},
			)
			with := http.Header{"X-Aliyun-Ecs-Metadata-Token": {string(token.body)}}
			const path = "/latest/meta-data/ram/security-credentials/"
			if a := request(t, client, http.MethodGet, m.URL()+path, with); string(a.body) != want || a.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", a.Status, a.body)
			}
			var got successResponse
			decodeStrictly(t, request(t, client, http.MethodGet, m.URL()+path+want, with).body, &got)
			if len(s.Sessions()) != 1 {
				t.Fatalf("%d sessions", len(s.Sessions()))
			}
			issued := s.Sessions()[0]
			if got.Code != "Success" || got.LastUpdated != "2026-05-06T07:08:09Z" || got.credentials != credentialsOf(issued) ||
				issued.By != ByMetadata || issued.Name != want || issued.Expires.Sub(issued.Issued) != lasts {
				t.Errorf("got %+v of %+v", got, issued)
			}
			if !admits(s, issued) {
				t.Error("the sandbox refuses the session")
			}

			if a := request(t, client, http.MethodGet, m.URL()+path, nil); (a.StatusCode == http.StatusForbidden) != o.TokenRequired {
				t.Errorf("without a token: %s", a.Status)
			}
			watch.advance(time.Minute)
			if a := request(t, client, http.MethodGet, m.URL()+path, with); a.StatusCode != http.StatusForbidden {
				t.Errorf("with a token of a minute ago: %s", a.Status)
			}
			if len(m.Requests()) != 5 || len(s.Sessions()) != 1 {
				t.Errorf("%d sessions for %d requests", len(s.Sessions()), len(m.Requests()))
			}
		})
	}
}

func TestMetadataRefuses(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	m, client := startMetadata(t, s, MetadataOptions{}), trusting(nil)
	ttl := func(seconds string) http.Header {
		return http.Header{"X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds": {seconds}}
	}
	for name, tt := range map[string]struct {
		method, path string
		header       http.Header
		want         int
	}{
		"no time":       {"PUT", "/latest/api/token", nil, 400},
		"no number":     {"PUT", "/latest/api/token", ttl("an hour"), 400},
		"no second":     {"PUT", "/latest/api/token", ttl("0"), 400},
		"longest":       {"PUT", "/latest/api/token", ttl("21600"), 200},
		"too long":      {"PUT", "/latest/api/token", ttl("21601"), 400},
		"get a token":   {"GET", "/latest/api/token", ttl("60"), 405},
		"wrong token":   {"GET", metadataRolePath, http.Header{"X-Aliyun-Ecs-Metadata-Token": {"guess"}}, 403},
		"other role":    {"GET", metadataRolePath + "other", nil, 404},
		"other path":    {"GET", "/latest/meta-data/instance-id", nil, 404},
		"post":          {"POST", metadataRolePath, nil, 405},
		"without token": {"GET", metadataRolePath, nil, 200},
	} {
		if a := request(t, client, tt.method, m.URL()+tt.path, tt.header); a.StatusCode != tt.want {
			t.Errorf("%s: %s, want %d", name, a.Status, tt.want)
		}
	}
	if len(s.Sessions()) != 0 {
		t.Errorf("%d sessions", len(s.Sessions()))
	}
}
