package signin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// The static keys that the sandboxes accept. checkError finds the secret in errors.
const (
	keyID     = "LTAI-test"
	keySecret = "hidden-secret"
)

const testProvider = "acs:ram::1:oidc-provider/p"

func testRole(name string) string { return "acs:ram::1:role/" + name }

// newEnv returns an environment with the given variables, name=value, and an empty home directory.
func newEnv(t *testing.T, variables ...string) Env {
	t.Helper()
	set := make(map[string]string)
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		set[name] = value
	}
	return Env{Getenv: func(name string) string { return set[name] }, Home: t.TempDir()}
}

// writeFile writes a file below the directory and returns its path.
func writeFile(t *testing.T, directory, name, content string) string {
	t.Helper()
	file := filepath.Join(directory, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// find returns the result of Find, which must succeed.
func find(t *testing.T, config Configuration, env Env) *Result {
	t.Helper()
	found, err := Find(config, env)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// fetch calls Find and returns the credentials of the result.
func fetch(t *testing.T, config Configuration, env Env) (paiclient.Credentials, error) {
	t.Helper()
	found, err := Find(config, env)
	if err != nil {
		if found != nil {
			t.Errorf("Find returned a source with an error: %#v", found)
		}
		return paiclient.Credentials{}, err
	}
	got, err := found.Credentials.Credentials(t.Context())
	if strings.Contains(strings.ToLower(fmt.Sprint(found.Name, found.Region, got)), "decoy") {
		t.Errorf("a decoy was used: %s %v", found.Name, got)
	}
	return got, err
}

var withoutBackticks = strings.NewReplacer("`", "")

// checkError checks that the error contains each text of want. It also checks that the error contains no newline and
// none of the secrets of these tests, which contain "hidden". It ignores the backticks around names.
func checkError(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, text := range want {
		if !strings.Contains(withoutBackticks.Replace(err.Error()), withoutBackticks.Replace(text)) {
			t.Errorf("the error doesn't contain %q: %v", text, err)
		}
	}
	// The sandbox's security tokens begin with CAIS, its OIDC tokens with eyJ.
	for _, text := range []string{"hidden", "\n", "CAIS", "eyJ"} {
		if strings.Contains(err.Error(), text) {
			t.Errorf("the error contains %q: %v", text, err)
		}
	}
}

// checkArgument checks that the error is about the argument and then calls checkError.
func checkArgument(t *testing.T, err error, argument string, want ...string) {
	t.Helper()
	checkError(t, err, want...)
	var got *ArgumentError
	if !errors.As(err, &got) {
		t.Errorf("the error is about no argument, want %s: %v", argument, err)
	} else if got.Argument != argument {
		t.Errorf("the error is about %s, want %s: %v", got.Argument, argument, err)
	}
}

// checkCredentials checks the results of fetch.
func checkCredentials(t *testing.T, got paiclient.Credentials, err error, want paiclient.Credentials) {
	t.Helper()
	if err != nil || got != want {
		t.Errorf("credentials %v, error %v; want %v", got, err, want)
	}
}

// startSandbox starts a sandbox that accepts the static keys of these tests.
func startSandbox(t *testing.T) *paisandbox.Sandbox {
	t.Helper()
	s, err := paisandbox.Start(t.Context(), paisandbox.Options{
		AccessKeyID: keyID, AccessKeySecret: keySecret, Authority: authority,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// startSTS starts an STS. At the end of the test, it checks that no request contained a decoy.
func startSTS(t *testing.T, s *paisandbox.Sandbox, o identity.STSOptions) *identity.STS {
	t.Helper()
	sts, err := identity.StartSTS(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, r := range sts.Requests() {
			if encoded := r.Query.Encode() + r.Form.Encode(); strings.Contains(strings.ToLower(encoded), "decoy") {
				t.Errorf("STS received a decoy: %s", encoded)
			}
		}
	})
	return sts
}

// startSidecar starts a sidecar whose sessions have the given lifetime.
func startSidecar(t *testing.T, s *paisandbox.Sandbox, lifetime time.Duration) *identity.Sidecar {
	t.Helper()
	sidecar, err := identity.StartSidecar(t.Context(), s, identity.SidecarOptions{Lifetime: lifetime})
	if err != nil {
		t.Fatal(err)
	}
	return sidecar
}

// useProxy routes the host names of real services to servers until the test ends. Tests that use it can't run in
// parallel.
func useProxy(t *testing.T, route map[string]string) {
	t.Helper()
	p, err := identity.StartProxy(t.Context(), identity.ProxyOptions{Route: route})
	if err != nil {
		t.Fatal(err)
	}
	testProxy.Store(p)
	t.Cleanup(func() {
		testProxy.Store(nil)
		_ = p.Close()
	})
}

// useMetadata starts the metadata service of an ECS instance with the role "attached". It is not for parallel tests.
func useMetadata(t *testing.T, s *paisandbox.Sandbox) *identity.Metadata {
	t.Helper()
	server, err := identity.StartMetadata(t.Context(), s, identity.MetadataOptions{Role: "attached"})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(metadataAddressVariable, server.Host())
	return server
}

// credentialsOf returns the credentials of a session.
func credentialsOf(session paisandbox.Session) paiclient.Credentials {
	return paiclient.Credentials{
		AccessKeyID: session.AccessKeyID, AccessKeySecret: session.AccessKeySecret, SecurityToken: session.SecurityToken,
	}
}

// checkLastSession checks that fetch returned the sandbox's last session, and who issued it. It returns the session.
func checkLastSession(
	t *testing.T, got paiclient.Credentials, err error, s *paisandbox.Sandbox, by string,
) paisandbox.Session {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	sessions := s.Sessions()
	if len(sessions) == 0 {
		t.Fatalf("credentials %v, but the sandbox issued no session", got)
	}
	last := sessions[len(sessions)-1]
	if got != credentialsOf(last) || last.By != by {
		t.Errorf("credentials %v, want those of the last session %+v, issued by %s", got, last, by)
	}
	return last
}

// parametersSent returns the values of the named parameters of each request, joined by "|".
func parametersSent(requests []paisandbox.Request, names ...string) []string {
	var lines []string
	for _, r := range requests {
		var values []string
		for _, name := range names {
			values = append(values, r.Parameter(name))
		}
		lines = append(lines, strings.Join(values, "|"))
	}
	return lines
}

// setClock replaces the clock of a source with a fake one, and returns a function that advances it.
func setClock(source paiclient.CredentialSource) (advance func(time.Duration)) {
	var passed atomic.Int64
	source.(*cache).now = func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	return func(d time.Duration) { passed.Add(int64(d)) }
}
