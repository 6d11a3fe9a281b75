package signin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// configOf is the CLI's file with one profile.
func configOf(t *testing.T, profile map[string]any) string {
	t.Helper()
	profile["name"] = "it"
	text, err := json.Marshal(map[string]any{"current": "it", "profiles": []any{profile}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestProfileOfASidecar(t *testing.T) {
	t.Parallel()
	address := serve(t, http.StatusOK, session("sidecar", time.Hour))
	for uri, want := range map[string]string{address: "", " " + address + "\n": "", "hidden": "credentials_uri that can't be called", "": "lacks credentials_uri"} {
		surroundings := around(t)
		write(t, surroundings.Home, cliConfig, configOf(t, map[string]any{"mode": "CredentialsURI", "credentials_uri": uri}))
		got, err := signIn(t, surroundings)
		if want != "" {
			checkError(t, err, `the profile "it"`, want)
		} else if err != nil || got != sessionOf("sidecar") {
			t.Errorf("signed in as %v (%v)", got, err)
		}
	}
}

func TestProfileOfSSO(t *testing.T) {
	t.Parallel()
	answer := fmt.Sprintf(`{"CloudCredential": %s}`, session("sso", time.Hour))
	asked := make(chan string, 9)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.URL.Path + " " + r.Header.Get("Authorization")
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	sso := func(address string, expires time.Time) map[string]any {
		return map[string]any{
			"mode": "CloudSSO", "cloud_sso_sign_in_url": address, "cloud_sso_account_id": "1", "cloud_sso_access_config": "c",
			"access_token": "hidden-token", "cloud_sso_access_token_expire": expires.Unix(),
		}
	}
	later := time.Now().Add(time.Hour)
	for name, test := range map[string]struct {
		profile map[string]any
		err     []string
	}{
		"signed in":        {sso(server.URL+"/start", later), nil},
		"out of date":      {sso(server.URL, time.Now().Add(-time.Hour)), []string{"config.json", "re-login"}},
		"in the clear":     {sso("http://sso.example.com", later), []string{"cloud_sso_sign_in_url", "isn't https"}},
		"elsewhere":        {sso("https://sso.example.com", later), []string{"the profile it of ", "a test wanted to ask sso.example.com", "aliyun sts GetCallerIdentity"}},
		"clear, this host": {sso("http://127.0.0.1:1", later), []string{"connection refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			surroundings := around(t)
			write(t, surroundings.Home, cliConfig, configOf(t, test.profile))
			got, err := signIn(t, surroundings)
			if test.err != nil {
				checkError(t, err, test.err...)
				return
			}
			if err != nil || got != sessionOf("sso") {
				t.Errorf("signed in as %v (%v)", got, err)
			}
			if said := <-asked; said != "POST /cloud-credentials Bearer hidden-token" {
				t.Errorf("asked %q", said)
			}
		})
	}
}

// TestProfileOfACommand also looks that the user's file is left as it is.
func TestProfileOfACommand(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are those of a Unix shell")
	}
	soon, later := time.Now().Add(time.Minute).UTC(), time.Now().Add(time.Hour).UTC()
	answer := func(expires time.Time) string {
		return fmt.Sprintf(`{"mode": "StsToken", "access_key_id": "STS.command", "access_key_secret": "key of command", "sts_token": "token of command", "expiration": %q}`,
			expires.Format("2006-01-02T15:04:05Z"))
	}
	for name, test := range map[string]struct {
		script string
		runs   int // of three questions within keep
		err    []string
	}{
		"answers":       {"echo '" + answer(later) + "'", 1, nil},
		"a short one":   {"echo '" + answer(soon) + "'", 1, nil},
		"no expiration": {`echo '{"mode": "StsToken", "access_key_id": "STS.command", "access_key_secret": "key of command", "sts_token": "token of command"}'`, 1, nil},
		"fails":         {"echo hidden; echo hidden >&2; exit 3", 1, []string{"its command ended with exit status 3", "left out"}},
		"no JSON":       {"echo hidden", 1, []string{"failed to parse external command output"}},
		"no key":        {"echo '{}'", 1, []string{"invalid credential response"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			surroundings := around(t)
			script := write(t, surroundings.Home, "command", "#!/bin/sh\necho x >> \"$0.runs\"\n"+test.script+"\n")
			content := configOf(t, map[string]any{"mode": "External", "process_command": "sh '" + script + "'", "odd_member": 1})
			file := write(t, surroundings.Home, cliConfig, content)
			source := find(t, Configuration{}, surroundings).Source
			for range 3 {
				got, err := source.Credentials(t.Context())
				if test.err != nil {
					checkError(t, err, append(test.err, "the profile it of "+file)...)
				} else if err != nil || got != sessionOf("command") {
					t.Errorf("signed in as %v (%v)", got, err)
				}
			}
			runs, err := os.ReadFile(script + ".runs")
			if err != nil || strings.Count(string(runs), "x") != test.runs {
				t.Errorf("run %d times (%v), want %d", strings.Count(string(runs), "x"), err, test.runs)
			}
			if left, err := os.ReadFile(file); err != nil || string(left) != content {
				t.Errorf("the user's file became %s (%v)", left, err)
			}
		})
	}
	surroundings := around(t)
	for _, command := range []string{filepath.Join(surroundings.Home, "gone") + " hidden", "gone-from-every-path hidden"} {
		write(t, surroundings.Home, cliConfig, configOf(t, map[string]any{"mode": "External", "process_command": command}))
		_, err := signIn(t, surroundings)
		checkError(t, err, "its command can't be started")
	}
}

// TestProfileOfTheInstance: where the old way to the metadata is closed, the library takes a missing name from a variable.
func TestProfileOfTheInstance(t *testing.T) {
	t.Parallel()
	surroundings := around(t, oldTokenDisabled+"=true", "ALIBABA_CLOUD_ECS_METADATA=decoy")
	file := write(t, surroundings.Home, "file", configOf(t, map[string]any{"mode": "EcsRamRole"}))
	_, err := signInWith(t, Configuration{SharedCredentialsFile: file}, surroundings)
	checkArgument(t, err, "shared_credentials_file", oldTokenDisabled, "ALIBABA_CLOUD_ECS_METADATA")
}
