package signin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestProfileOfCommand checks profiles of the mode External, and that the file of the profile remains unchanged.
func TestProfileOfCommand(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the commands need a Unix shell")
	}
	want := paiclient.Credentials{AccessKeyID: "STS.command", AccessKeySecret: "secret", SecurityToken: "token"}
	output := func(expiration string) string {
		return fmt.Sprintf(`echo '{"mode": "StsToken", "access_key_id": %q, "access_key_secret": %q, "sts_token": %q%s}'`,
			want.AccessKeyID, want.AccessKeySecret, want.SecurityToken, expiration)
	}
	expiresIn := func(d time.Duration) string {
		return fmt.Sprintf(`, "expiration": %q`, time.Now().Add(d).UTC().Format("2006-01-02T15:04:05Z"))
	}
	for name, test := range map[string]struct {
		script string
		err    []string
	}{
		"session":       {output(expiresIn(time.Hour)), nil},
		"short session": {output(expiresIn(time.Minute)), nil},
		"no expiration": {output(""), nil},
		"failure":       {"echo hidden; echo hidden >&2; exit 3", []string{"exit status 3"}},
		"not JSON":      {"echo hidden", []string{"is not a JSON object"}},
		"long output":   {"trap '' PIPE; while :; do echo hidden; done", []string{"longer than 64 KiB"}},
		"no key":        {"echo '{}'", []string{"no access_key_id"}},
		"no secret":     {`echo '{"mode": "AK", "access_key_id": "x"}'`, []string{"no access_key_secret"}},
		"no token": {
			`echo '{"mode": "StsToken", "access_key_id": "x", "access_key_secret": "hidden"}'`, []string{"no sts_token"},
		},
		"role": {
			`echo '{"mode": "RamRoleArn", "access_key_id": "x", "access_key_secret": "hidden", "ram_role_arn": "r"}'`,
			[]string{"mode RamRoleArn", "AK and StsToken"},
		},
		"implied role": {
			`echo '{"access_key_id": "x", "access_key_secret": "hidden", "ram_role_arn": "r"}'`,
			[]string{"mode RamRoleArn", "AK and StsToken"},
		},
		"bearer token": {`echo '{"mode": "BearerToken", "bearer_token": "hidden"}'`, []string{"mode BearerToken"}},
		"itself":       {`echo '{"mode": "External", "process_command": "hidden"}'`, []string{"mode External"}},
		"odd mode": {
			`echo '{"mode": "hidden", "access_key_id": "x", "access_key_secret": "hidden"}'`,
			[]string{"unknown mode", "AK and StsToken"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnv(t)
			script := writeFile(t, env.Home, "command", "#!/bin/sh\necho x >> \"$0.runs\"\n"+test.script+"\n")
			content := oneProfile(
				t, map[string]any{"mode": "External", "process_command": "sh '" + script + "'", "odd_member": 1},
			)
			file := writeFile(t, env.Home, cliConfig, content)
			source := find(t, Configuration{}, env).Credentials
			advance := setClock(source)
			for call := range 4 {
				if call == 3 {
					advance(keepCredentials + keepFailure) // the other calls are within both
				}
				got, err := source.Credentials(t.Context())
				if test.err != nil {
					checkError(t, err, append(test.err, `the profile "it" of `+file)...)
				} else {
					checkCredentials(t, got, err, want)
				}
			}
			runs, err := os.ReadFile(script + ".runs")
			wantRuns := 2
			if name == "session" {
				wantRuns = 1
			}
			if got := strings.Count(string(runs), "x"); err != nil || got != wantRuns {
				t.Errorf("the command ran %d times, error %v; want %d", got, err, wantRuns)
			}
			if left, err := os.ReadFile(file); err != nil || string(left) != content {
				t.Errorf("the file has changed to %s, error %v", left, err)
			}
		})
	}
	env := newEnv(t)
	for _, command := range []string{filepath.Join(env.Home, "gone") + " hidden", "gone-from-every-path hidden"} {
		writeFile(t, env.Home, cliConfig, oneProfile(t, map[string]any{"mode": "External", "process_command": command}))
		_, err := fetch(t, Configuration{}, env)
		checkError(t, err, "the command can't be started")
	}
}

// TestModesOfCommands checks which members of the output are used, and that a missing mode is inferred.
func TestModesOfCommands(t *testing.T) {
	t.Parallel()
	const keys = `"access_key_id": "x", "access_key_secret": "hidden", "sts_token": "hidden-token"`
	for output, token := range map[string]string{
		`{"mode": "AK", ` + keys + `}`:                            "",
		`{"mode": "StsToken", "ram_role_arn": "r", ` + keys + `}`: "hidden-token",
		`{"mode": "ststoken", ` + keys + `}`:                      "hidden-token",
		`{` + keys + `}`:                                          "hidden-token",
		`{"access_key_id": "x", "access_key_secret": "hidden"}`:   "",
	} {
		got, err := parseOutput([]byte(output))
		if err != nil || got.AccessKeyID != "x" || got.SecurityToken != token {
			t.Errorf("%s: session %+v, error %v; want token %q", output, got, err, token)
		}
	}
}

// TestExpirationOfCommands checks that the expiration in the output is used, with any offset from UTC.
func TestExpirationOfCommands(t *testing.T) {
	t.Parallel()
	for expiration, want := range map[string]time.Time{
		"2030-01-02T03:04:05Z":      time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		"2030-01-02T03:04:05+02:00": time.Date(2030, 1, 2, 1, 4, 5, 0, time.UTC),
		"tomorrow":                  {},
	} {
		got, err := parseOutput(
			[]byte(`{"access_key_id": "x", "access_key_secret": "y", "expiration": "` + expiration + `"}`))
		if err != nil || !got.expires.Equal(want) {
			t.Errorf("%s: expires %s, error %v; want %s", expiration, got.expires, err, want)
		}
	}
}

func TestCancelEndsCommand(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the command needs a Unix shell")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := commandProvider([]string{"sleep", "60"}).GetCredentialsContext(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 10*time.Second {
		t.Errorf("error %v after %s, want that of the context at once", err, time.Since(start))
	}
}

// TestExternalSourcesCanBeDisabled checks the variable of the CLI, which doesn't apply to the argument credentials_uri.
func TestExternalSourcesCanBeDisabled(t *testing.T) {
	t.Parallel()
	sidecar := startSidecar(t, startSandbox(t), time.Hour)
	for mode, members := range map[string]map[string]any{
		"External":       {"mode": "External", "process_command": "echo"},
		"CredentialsURI": {"mode": "CredentialsURI", "credentials_uri": sidecar.URL()},
	} {
		for _, value := range []string{"TRUE", "1"} {
			env := newEnv(t, externalDisabled+"="+value)
			writeFile(t, env.Home, cliConfig, oneProfile(t, members))
			_, err := fetch(t, Configuration{}, env)
			checkError(t, err, "mode "+mode, externalDisabled)
		}
	}
	if _, err := fetch(t, Configuration{CredentialsURI: sidecar.URL()}, newEnv(t, externalDisabled+"=true")); err != nil {
		t.Error(err)
	}
}

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]struct{ unix, windows []string }{
		" run  it\tnow ":         {[]string{"run", "it", "now"}, []string{"run", "it", "now"}},
		`"C:\My Tools\a.exe" x`:  {[]string{`C:\My Tools\a.exe`, "x"}, []string{`C:\My Tools\a.exe`, "x"}},
		`'/my tools/a' "b c"'d'`: {[]string{"/my tools/a", "b cd"}, []string{"/my tools/a", "b cd"}},
		`C:\tools\a.exe`:         {[]string{`C:toolsa.exe`}, []string{`C:\tools\a.exe`}},
		`C:\tools\`:              {nil, []string{`C:\tools\`}},
		`a\ b`:                   {[]string{"a b"}, []string{`a\`, "b"}},
		`run "a \"b\" \\ \$ \n"`: {[]string{"run", `a "b" \ $ \n`}, []string{"run", `a "b" \\ \$ \n`}},
		`run '\"' '' ""`:         {[]string{"run", `\"`, "", ""}, []string{"run", `\"`, "", ""}},
		"run a\\\nb":             {[]string{"run", "ab"}, []string{"run", `a\`, "b"}},
		`run "a`:                 {nil, nil},
		`run 'a`:                 {nil, nil},
		" ":                      {nil, nil},
		`"" a`:                   {nil, nil},
	} {
		for system, want := range map[bool][]string{false: want.unix, true: want.windows} {
			got, err := splitCommand(command, system)
			if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (want != nil) {
				t.Errorf("%q on Windows %t: error %v, words (-want +got):\n%s", command, system, err, diff)
			}
		}
	}
	env := newEnv(t)
	writeFile(t, env.Home, cliConfig, oneProfile(t, map[string]any{"mode": "External", "process_command": `"hidden`}))
	_, err := fetch(t, Configuration{}, env)
	checkError(t, err, `profile "it"`, "process_command")
}
