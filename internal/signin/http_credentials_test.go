package signin

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

const sessionMembers = `"AccessKeyId": "id", "AccessKeySecret": "hidden", "SecurityToken": "hidden-token"`

func TestParseSession(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for expiration, want := range map[string]time.Time{
		"2026-01-02T12:00:00Z": noon, "2026-01-02T20:00:00+08:00": noon, "2026-01-02T20:00:00+0800": noon,
		"2026-01-02T04:00:00-08": noon, "2026-01-02T12:00:00.250Z": noon.Add(250 * time.Millisecond),
	} {
		got, err := parseSession([]byte(`{"Code": "Success", ` + sessionMembers + `, "Expiration": "` + expiration + `"}`))
		if err != nil || !got.expires.Equal(want) || got.AccessKeyID != "id" || got.AccessKeySecret != "hidden" ||
			got.SecurityToken != "hidden-token" {
			t.Errorf("%s: got %v, error %v; want the expiration %v", expiration, got, err, want)
		}
	}
	for _, more := range []string{"", `, "Expiration": " "`, `, "Expiration": null`} {
		body := "{" + sessionMembers + more + "}"
		got, err := parseSession([]byte(body))
		if left := time.Until(got.expires); err != nil || left <= 0 || left > assumedLifetime {
			t.Errorf("%s: expires in %v, error %v; want at most %v", body, left, err, assumedLifetime)
		}
	}
	for body, want := range map[string]string{
		"":                      "invalid JSON at byte 0",
		"null":                  "no AccessKeyId, no AccessKeySecret, no SecurityToken",
		`{"AccessKeyId": "id"}`: "no AccessKeySecret, no SecurityToken",
		`{"Code": "Failed"}`:    `the code "Failed" instead of Success, no AccessKeyId, no`,
		`["hidden"]`:            "not a JSON object",
		"{" + sessionMembers:    "invalid JSON at byte",

		"{" + sessionMembers + "}{}":                                    "invalid JSON at byte",
		"{" + sessionMembers + `, "AccessKeySecret": " "}`:              "the response has no AccessKeySecret",
		"{" + sessionMembers + `, "Code": "Failed"}`:                    `the response has the code "Failed" instead`,
		"{" + sessionMembers + `, "Code": "LTAIhidden0123456789"}`:      `the code "(redacted)" instead`,
		"{" + sessionMembers + `, "Code": 200}`:                         "a member Code that is not a string",
		"{" + sessionMembers + `, "Expiration": 1767355200}`:            "a member Expiration that is not a string",
		"{" + sessionMembers + `, "Expiration": "2026-01-02T12:00:00"}`: "no valid Expiration",
		"{" + sessionMembers + `, "Expiration": "hidden"}`:              "no valid Expiration",
	} {
		got, err := parseSession([]byte(body))
		if got != (session{}) {
			t.Errorf("%s: got the session %v with an error", body, got)
		}
		checkError(t, err, want)
		if !isSafe(err) {
			t.Errorf("%s: the error is not safe: %v", body, err)
		}
	}
}

// FuzzParseSession checks that a session is complete, and that no error contains a value of the response (design rule
// 4).
func FuzzParseSession(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", "{" + sessionMembers + "}", "{" + sessionMembers + `, "Expiration": "2026-01-02T12:00:00+08"}`,
		"{" + sessionMembers + `, "Code": "hidden"`, `{"AccessKeySecret": {"hidden": "hidden"}}`, "<p>hidden",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := parseSession([]byte(body))
		switch {
		case err == nil:
			for _, value := range []string{got.AccessKeyID, got.AccessKeySecret, got.SecurityToken} {
				if strings.TrimSpace(value) == "" {
					t.Errorf("incomplete session %+v from %q", got, body)
				}
			}
			if got.expires.IsZero() {
				t.Errorf("no expiration from %q", body)
			}
		case got != session{}:
			t.Errorf("got the session %+v with the error %v", got, err)
		case !isSafe(err) || strings.ContainsAny(err.Error(), "\r\n"):
			t.Errorf("the error can't be shown: %q", err)
		}
		if err != nil && !strings.Contains(body, "Code") && strings.Contains(body, "hidden") {
			checkError(t, err)
		}
	})
}

// TestSessionIsKeptUntilItExpires lets the sidecar fail after the first session.
func TestSessionIsKeptUntilItExpires(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		left time.Duration // until the session expires
		do   paisandbox.Effect
		want int // number of the session, 0 for an error
	}{
		"long session":             {refreshBefore + time.Minute, paisandbox.ServerError(500), 1},
		"short session":            {time.Minute, paisandbox.ServerError(500), 1},
		"short session, refreshed": {time.Minute, paisandbox.Delay(0), 2},
		"short session, no member": {time.Minute, paisandbox.OmitMember("SecurityToken"), 1},
		"expired session":          {-time.Minute, paisandbox.ServerError(500), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sidecar := startSidecar(t, s, test.left)
			provider := must(openSidecar(sidecar.URL()))
			if _, err := provider.GetCredentials(); err != nil {
				t.Fatal(err)
			}
			sidecar.AddFault(paisandbox.Fault{Do: test.do})
			got, err := provider.GetCredentials()
			if test.want == 0 {
				if err == nil {
					t.Error("the session is used after it has expired")
				}
				return
			}
			if err != nil || got.AccessKeyId != s.Sessions()[test.want-1].AccessKeyID || got.ProviderName != "credential_uri" {
				t.Errorf("credentials %v, error %v; want the session %d of credential_uri", got, err, test.want)
			}
		})
	}
}

// TestCancelEndsRequest cancels a caller while the server doesn't respond. It checks that the request ends (design rule
// 7).
func TestCancelEndsRequest(t *testing.T) { //nolint:paralleltest // the metadata service has a fixed address
	s := startSandbox(t)
	sidecar, metadata := startSidecar(t, s, time.Hour), useMetadata(t, s)
	for name, test := range map[string]struct { //nolint:paralleltest // as above
		service *paisandbox.Service
		config  Configuration
	}{
		"sidecar":  {sidecar.Service, Configuration{CredentialsURI: sidecar.URL()}},
		"metadata": {metadata.Service, Configuration{ECSRoleName: "attached"}},
	} {
		t.Run(name, func(t *testing.T) {
			source := find(t, test.config, newEnv(t)).Credentials
			ctx, cancel := context.WithCancel(t.Context())
			release := make(chan struct{})
			defer close(release)
			test.service.BeforeRequest(1, func(*paisandbox.Sandbox) {
				cancel()
				select {
				case <-release:
				case <-time.After(3 * time.Second):
				}
			})
			begin := time.Now()
			if _, err := source.(*cache).update(ctx); !errors.Is(err, errFetchCancelled) {
				t.Errorf("error %v, want %v", err, errFetchCancelled)
			}
			if took := time.Since(begin); took > time.Second {
				t.Errorf("the request ended after %s", took)
			}
		})
	}
}

// TestEndlessResponse checks that only the beginning of a long response is read.
func TestEndlessResponse(t *testing.T) {
	t.Parallel()
	const most = 64 << 20
	written := make(chan int, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n, block := 0, make([]byte, 1<<16)
		for n < most {
			if _, err := w.Write(block); err != nil {
				break
			}
			n += len(block)
		}
		written <- n
	}))
	defer server.Close()
	_, err := fetch(t, Configuration{CredentialsURI: server.URL}, newEnv(t))
	checkError(t, err, "longer than 64 KiB")
	if n := <-written; n == most {
		t.Errorf("%d bytes of the response were read", n)
	}
}

// TestSlowMetadata checks that the error comes within five seconds, whichever response of the metadata service is slow.
func TestSlowMetadata(t *testing.T) { //nolint:paralleltest // the metadata service has a fixed address
	s := startSandbox(t)
	server := useMetadata(t, s)
	server.AddFault(paisandbox.Fault{Match: identity.OnMetadataToken, Do: paisandbox.Hang()})
	server.AddFault(paisandbox.Fault{Match: identity.OnMetadataRole, Do: paisandbox.Delay(metadataRequestTimeout / 2)})
	server.AddFault(paisandbox.Fault{Match: identity.OnMetadataSession, Do: paisandbox.Hang()})
	begin := time.Now()
	_, err := fetch(t, Configuration{}, newEnv(t))
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the error took %s", took)
	}
	checkError(t, err, "no response in time")
	if got := len(server.Requests()); got != 3 {
		t.Errorf("%d requests, want 3", got)
	}
}
