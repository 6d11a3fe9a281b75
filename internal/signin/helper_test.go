package signin

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// around are surroundings with these variables, given as name=value, and an empty home.
func around(t *testing.T, variables ...string) Surroundings {
	t.Helper()
	set := make(map[string]string)
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		set[name] = value
	}
	return Surroundings{Getenv: func(name string) string { return set[name] }, Home: t.TempDir()}
}

// write puts a file somewhere, or with a path under a home there, and gives its path.
func write(t *testing.T, home, name, content string) string {
	t.Helper()
	file := filepath.Join(home, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// find wants something to sign in with.
func find(t *testing.T, config Configuration, surroundings Surroundings) *Found {
	t.Helper()
	found, err := Find(config, surroundings)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// signIn finds credentials in surroundings and asks for them.
func signIn(t *testing.T, surroundings Surroundings) (paiclient.Credentials, error) {
	t.Helper()
	return signInWith(t, Configuration{}, surroundings)
}

// signInWith finds credentials for a provider block and asks for them.
func signInWith(t *testing.T, config Configuration, surroundings Surroundings) (paiclient.Credentials, error) {
	t.Helper()
	found, err := Find(config, surroundings)
	if err != nil {
		if found != nil {
			t.Errorf("an error and a source: %#v", found)
		}
		return paiclient.Credentials{}, err
	}
	got, err := found.Source.Credentials(t.Context())
	if strings.Contains(strings.ToLower(fmt.Sprint(found.Way, found.Region, got)), "decoy") {
		t.Errorf("signed in with a decoy: %s %v", found.Way, got)
	}
	return got, err
}

// checkError wants an error that holds all of these texts and none of the hidden ones, on one line.
func checkError(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, text := range want {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error doesn't say %q: %v", text, err)
		}
	}
	for _, text := range []string{"hidden", "\n"} {
		if strings.Contains(err.Error(), text) {
			t.Errorf("the error holds %q: %v", text, err)
		}
	}
}

// checkArgument wants an error that stands on an argument.
func checkArgument(t *testing.T, err error, argument string, want ...string) {
	t.Helper()
	checkError(t, err, want...)
	var on *ArgumentError
	if !errors.As(err, &on) {
		t.Errorf("the error stands on no argument, want %s: %v", argument, err)
	} else if on.Argument != argument {
		t.Errorf("the error stands on %s, want %s: %v", on.Argument, argument, err)
	}
}

// session is an answer of a sidecar or of the metadata.
func session(name string, lasts time.Duration) string {
	return fmt.Sprintf(`{"Code": "Success", "AccessKeyId": "STS.%[1]s", "AccessKeySecret": "key of %[1]s", "SecurityToken": "token of %[1]s",
		"Expiration": %[2]q}`, name, time.Now().Add(lasts).UTC().Format("2006-01-02T15:04:05Z"))
}

func sessionOf(name string) paiclient.Credentials {
	return paiclient.Credentials{AccessKeyID: "STS." + name, AccessKeySecret: "key of " + name, SecurityToken: "token of " + name}
}

// serve answers every request alike.
func serve(t *testing.T, status int, body string) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return server.URL
}
