package signin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// TestRedirectsAreRefused checks that no request is sent to the target of a redirect, because it would contain a token
// (design rule 4).
func TestRedirectsAreRefused(t *testing.T) {
	t.Parallel()
	arn := testRole("r")
	// The servers support HTTP/2. Over HTTP/2, a redirect to the same host would reuse the connection.
	for name, configure := range map[string]func(*paisandbox.Sandbox, string) Configuration{
		"OIDC": func(s *paisandbox.Sandbox, host string) Configuration {
			token := identity.OIDCToken(s, "me", time.Hour)
			return Configuration{OIDC: &OIDC{ProviderARN: testProvider, RoleARN: arn, Token: token}, STSEndpoint: host}
		},
		"role": func(s *paisandbox.Sandbox, host string) Configuration {
			base := s.Issue(paisandbox.Session{By: "test"}, time.Hour)
			return Configuration{
				AccessKey: base.AccessKeyID, SecretKey: base.AccessKeySecret, SecurityToken: base.SecurityToken,
				AssumeRole: &AssumeRole{RoleARN: &arn}, STSEndpoint: host,
			}
		},
		"sidecar": func(_ *paisandbox.Sandbox, host string) Configuration {
			return Configuration{CredentialsURI: "https://" + host + "/?token=hidden"}
		},
	} {
		for _, status := range []int{
			http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect,
			http.StatusPermanentRedirect,
		} {
			for _, to := range []string{"another host", "plain HTTP", "the same host"} {
				t.Run(name+" "+http.StatusText(status)+" "+to, func(t *testing.T) {
					t.Parallel()
					s := startSandbox(t)
					server, other := startSTS(t, s, identity.STSOptions{}).Service, startSTS(t, s, identity.STSOptions{})
					plain := startSidecar(t, s, time.Hour)
					if name == "sidecar" {
						sidecar, err := identity.StartSidecar(t.Context(), s, identity.SidecarOptions{TLS: true})
						if err != nil {
							t.Fatal(err)
						}
						server = sidecar.Service
					}
					target := map[string]string{"another host": other.URL(), "plain HTTP": plain.URL(), "the same host": ""}[to]
					redirect := paisandbox.Status(status, "text/html", "").WithHeader("Location", target+"/target")
					server.AddFault(paisandbox.Fault{Do: redirect})
					_, err := fetch(t, configure(s, server.Host()), newEnv(t))
					checkError(t, err, "redirect (HTTP 30")
					if received := len(server.Requests()) + len(other.Requests()) + len(plain.Requests()); received != 1 {
						t.Errorf("%d requests, want 1: the redirect was followed", received)
					}
				})
			}
		}
	}
}

// TestLongResponsesOfSTS checks that the library can't read a response of any length.
func TestLongResponsesOfSTS(t *testing.T) {
	t.Parallel()
	for name, effect := range map[string]paisandbox.Effect{
		"body": paisandbox.PadBody(64), "compressed body": paisandbox.GzipBomb(64),
		"header": paisandbox.Delay(0).WithHeader("X-Long", strings.Repeat("x", 1<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t)
			sts := startSTS(t, s, identity.STSOptions{})
			sts.AddFault(paisandbox.Fault{Do: effect})
			base := s.Issue(paisandbox.Session{By: "test"}, time.Hour)
			_, err := fetch(t, Configuration{
				AccessKey: base.AccessKeyID, SecretKey: base.AccessKeySecret, SecurityToken: base.SecurityToken,
				AssumeRole: &AssumeRole{RoleARN: new(testRole("r"))}, STSEndpoint: sts.Host(),
			}, newEnv(t))
			if name == "compressed body" {
				if err != nil { // the client requests no compression, so the response isn't compressed
					t.Error(err)
				}
				return
			}
			checkError(t, err, map[string]string{"body": "longer than 1024 KiB", "header": "exceeded 65536 bytes"}[name])
		})
	}
}

// TestOtherClientsFollowRedirects checks that only requests of the library are affected by the change of the default
// transport.
func TestOtherClientsFollowRedirects(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	sidecar := startSidecar(t, s, time.Hour)
	sidecar.AddFault(paisandbox.Fault{Times: 1, Do: paisandbox.Redirect(sidecar.URL() + "/target")})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, sidecar.URL(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.Request.URL.Path != "/target" || response.StatusCode != http.StatusOK {
		t.Errorf("%s from %s, want the target of the redirect", response.Status, response.Request.URL)
	}
}
