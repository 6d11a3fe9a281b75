package signin

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// outputProfile is set where the test runs itself, since the library looks at DEBUG before any test begins.
const outputProfile = "SIGNIN_TEST_OUTPUT_PROFILE"

// TestNothingIsPrinted looks at all that a process prints which signs in where the library prints.
func TestNothingIsPrinted(t *testing.T) {
	t.Parallel()
	if profile := os.Getenv(outputProfile); profile != "" {
		http.DefaultTransport.(*http.Transport).TLSClientConfig.InsecureSkipVerify = true // the other process's certificate
		answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hidden-token")) })
		metadata.Store(&answer)
		surroundings := around(t)
		write(t, surroundings.Home, cliConfig, profile)
		_, _ = signIn(t, surroundings)
		if _, err := os.Stdout.WriteString("afterwards it can be printed\n"); err != nil {
			t.Error(err)
		}
		return
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"CloudCredential": ` + session("sso", time.Hour) + `}`))
	}))
	t.Cleanup(server.Close)
	for name, profile := range map[string]map[string]any{
		"a command's answer": {"mode": "External", "process_command": "echo hidden-answer"},
		"a metadata token":   {"mode": "EcsRamRole"},
		"an access token": {
			"mode": "CloudSSO", "cloud_sso_sign_in_url": server.URL, "cloud_sso_account_id": "1", "cloud_sso_access_config": "c",
			"access_token": "hidden-token", "cloud_sso_access_token_expire": time.Now().Add(time.Hour).Unix(),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNothingIsPrinted$")
			command.Env = append(os.Environ(), "DEBUG=credential", outputProfile+"="+configOf(t, profile))
			printed, err := command.CombinedOutput()
			if err != nil {
				t.Errorf("%v: %s", err, printed)
			}
			if text := string(printed); strings.Contains(text, "hidden") || !strings.Contains(text, "afterwards it can be printed") {
				t.Errorf("it printed %s", text)
			}
		})
	}
}
