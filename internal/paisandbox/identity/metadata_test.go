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

func tokenTTL(seconds string) http.Header {
	return http.Header{"X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds": {seconds}}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]MetadataOptions{
		"default": {}, "role": {Role: "mine", Lifetime: 2 * time.Hour}, "token required": {TokenRequired: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newClock()
			s := startSandbox(t, paisandbox.Options{Now: clock.now})
			m, client := startMetadata(t, s, o), newTLSClient(nil)
			role, lifetime := o.Role, o.Lifetime
			if role == "" {
				role, lifetime = DefaultMetadataRole, paisandbox.DefaultLifetime
			}
			token := fetch(t, client, http.MethodPut, m.URL()+"/latest/api/token", tokenTTL("60"))
			header := http.Header{"X-Aliyun-Ecs-Metadata-Token": {string(token.body)}}
			const path = "/latest/meta-data/ram/security-credentials/"
			get := func(path string, header http.Header) httpResponse {
				return fetch(t, client, http.MethodGet, m.URL()+path, header)
			}
			if got := get(path, header); string(got.body) != role || got.StatusCode != http.StatusOK {
				t.Errorf("role %s: %s, want %s", got.Status, got.body, role)
			}
			var got successResponse
			decodeStrictly(t, get(path+role, header).body, &got)
			if len(s.Sessions()) != 1 {
				t.Fatalf("%d sessions, want 1", len(s.Sessions()))
			}
			issued := s.Sessions()[0]
			if got.Code != "Success" || got.LastUpdated != "2026-05-06T07:08:09Z" || got.credentials != credentialsOf(issued) ||
				issued.By != ByMetadata || issued.Name != role || issued.Expires.Sub(issued.Issued) != lifetime {
				t.Errorf("response %+v for the session %+v", got, issued)
			}
			checkAccepted(t, s, issued, true)

			if got := get(path, nil); (got.StatusCode == http.StatusForbidden) != o.TokenRequired {
				t.Errorf("without a token: %s", got.Status)
			}
			clock.advance(time.Minute)
			if got := get(path, header); got.StatusCode != http.StatusForbidden {
				t.Errorf("with an expired token: %s", got.Status)
			}
			if len(m.Requests()) != 5 || len(s.Sessions()) != 1 {
				t.Errorf("%d requests and %d sessions, want 5 and 1", len(m.Requests()), len(s.Sessions()))
			}
		})
	}
}

func TestMetadataErrors(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, paisandbox.Options{})
	m, client := startMetadata(t, s, MetadataOptions{}), newTLSClient(nil)
	for name, test := range map[string]struct {
		method, path string
		header       http.Header
		want         int
	}{
		"no lifetime":         {"PUT", "/latest/api/token", nil, 400},
		"lifetime in words":   {"PUT", "/latest/api/token", tokenTTL("an hour"), 400},
		"lifetime of 0":       {"PUT", "/latest/api/token", tokenTTL("0"), 400},
		"longest lifetime":    {"PUT", "/latest/api/token", tokenTTL("21600"), 200},
		"lifetime too long":   {"PUT", "/latest/api/token", tokenTTL("21601"), 400},
		"GET of a token":      {"GET", "/latest/api/token", tokenTTL("60"), 405},
		"wrong token":         {"GET", metadataRolePath, http.Header{"X-Aliyun-Ecs-Metadata-Token": {"wrong"}}, 403},
		"other role":          {"GET", metadataRolePath + "other", nil, 404},
		"other path":          {"GET", "/latest/meta-data/instance-id", nil, 404},
		"POST":                {"POST", metadataRolePath, nil, 405},
		"GET without a token": {"GET", metadataRolePath, nil, 200},
	} {
		if got := fetch(t, client, test.method, m.URL()+test.path, test.header); got.StatusCode != test.want {
			t.Errorf("%s: %s, want %d", name, got.Status, test.want)
		}
	}
	if len(s.Sessions()) != 0 {
		t.Errorf("%d sessions, want none", len(s.Sessions()))
	}
}
