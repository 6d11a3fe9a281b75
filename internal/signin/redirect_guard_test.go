package signin

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// TestRedirectsAreRefused: what a redirect leads to would be sent tokens, in the body or in the Referer.
func TestRedirectsAreRefused(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	target := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	plain, encrypted := httptest.NewServer(target), httptest.NewTLSServer(target)
	t.Cleanup(plain.Close)
	t.Cleanup(encrypted.Close)
	targets := map[string]string{"elsewhere": encrypted.URL, "in the clear": plain.URL, "same host": ""}

	arn := "r"
	for name, config := range map[string]func(host string) Configuration{
		"OIDC": func(host string) Configuration {
			return Configuration{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "hidden"}, STSEndpoint: host}
		},
		"role": func(host string) Configuration {
			return Configuration{AccessKey: "id", SecretKey: "hidden", SecurityToken: "hidden", AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: host}
		},
		"sidecar": func(host string) Configuration {
			return Configuration{CredentialsURI: "https://" + host + "/?token=hidden"}
		},
	} {
		for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
			for where, to := range targets {
				t.Run(name+" "+http.StatusText(status)+" "+where, func(t *testing.T) {
					t.Parallel()
					server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if r.URL.Path == "/target" {
							reached.Add(1)
						}
						http.Redirect(w, r, to+"/target", status)
					}))
					server.EnableHTTP2 = true // which has its own way to send
					server.StartTLS()
					t.Cleanup(server.Close)
					_, err := signInWith(t, config(strings.TrimPrefix(server.URL, "https://")), around(t))
					checkError(t, err, "it answered with a redirect (HTTP 30", "which is not followed")
					if reached.Load() != 0 {
						t.Error("the redirect was followed")
					}
				})
			}
		}
	}
}

// TestOtherRedirectsAreNot: the guard stands in a place where others pass too.
func TestOtherRedirectsAreNot(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			http.Redirect(w, r, "/target", http.StatusFound)
		}
	}))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.Request.URL.Path != "/target" {
		t.Errorf("it ended at %s", response.Request.URL)
	}
}
