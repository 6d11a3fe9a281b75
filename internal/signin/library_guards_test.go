package signin

import (
	"net/http"
	"os"
	"os/exec"
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

// quietProfile is the environment variable with which TestNothingIsPrinted runs the test binary as a program. This
// needs a new process, because the library reads DEBUG at startup.
const quietProfile = "SIGNIN_TEST_QUIET_PROFILE"

// TestNothingIsPrinted runs a program for each provider of the library that prints. It checks that the output contains
// no secret (design rule 4).
func TestNothingIsPrinted(t *testing.T) { //nolint:paralleltest // as a program, it routes the real names to its servers
	if profile := os.Getenv(quietProfile); profile != "" {
		printProfile(t, profile)
		return
	}
	for name, members := range map[string]map[string]any{ //nolint:paralleltest // as above
		"output of a command": {"mode": "External", "process_command": "echo hidden-output"},
		"metadata token":      {"mode": "EcsRamRole"},
		"CloudSSO token": {
			"mode": "CloudSSO", "cloud_sso_sign_in_url": "$sso", "cloud_sso_account_id": "1", "cloud_sso_access_config": "c",
			"access_token": "$access", "cloud_sso_access_token_expire": time.Now().Add(time.Hour).Unix(),
		},
		"OAuth token": {
			"mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": "$access", "oauth_refresh_token": "hidden",
			"oauth_access_token_expire": time.Now().Add(time.Hour).Unix(),
		},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNothingIsPrinted$")
			command.Env = append(os.Environ(), "DEBUG=credential", quietProfile+"="+oneProfile(t, members))
			output, err := command.CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, output)
			}
			for _, text := range []string{"hidden", "bearer", "access-", "x-aliyun-ecs-metadata-token"} {
				if strings.Contains(strings.ToLower(string(output)), text) {
					t.Errorf("%q was printed: %s", text, output)
				}
			}
			if !strings.Contains(string(output), "printed after the credentials") {
				t.Errorf("standard output remained disabled: %s", output)
			}
		})
	}
}

// printProfile fetches the credentials of the profile and prints a message afterwards.
func printProfile(t *testing.T, profile string) {
	t.Helper()
	s := startSandbox(t)
	sso, err := identity.StartSSO(t.Context(), s, identity.SSOOptions{})
	if err != nil {
		t.Fatal(err)
	}
	server, err := identity.StartMetadata(t.Context(), s, identity.MetadataOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(metadataAddressVariable, server.Host())
	useProxy(t, map[string]string{"oauth.aliyun.com:443": sso.Host()})
	env := newEnv(t)
	profile = strings.NewReplacer("$sso", sso.URL(), "$access", sso.AccessToken()).Replace(profile)
	writeFile(t, env.Home, cliConfig, profile)
	_, err = fetch(t, Configuration{}, env)
	if (err != nil) != strings.Contains(profile, "hidden-output") {
		t.Error(err)
	}
	if _, err := os.Stdout.WriteString("printed after the credentials\n"); err != nil {
		t.Error(err)
	}
}
