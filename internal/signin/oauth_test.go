package signin

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestProfileOfOAuth: the file is changed by sign-in alone, in this profile alone, and nothing of it is lost.
func TestProfileOfOAuth(t *testing.T) {
	t.Parallel()
	oauth := map[string]any{
		"mode": "OAuth", "oauth_site_type": "CN", "oauth_access_token": "hidden", "oauth_refresh_token": "hidden",
		"oauth_access_token_expire": time.Now().Add(time.Hour).Unix(),
	}
	surroundings := around(t)
	file := write(t, surroundings.Home, cliConfig, configOf(t, oauth))
	_, err := signIn(t, surroundings)
	checkError(t, err, "the profile it of "+file, "a test wanted to ask oauth.aliyun.com")

	oauth["oauth_site_type"] = "MARS"
	file = write(t, surroundings.Home, cliConfig, configOf(t, oauth))
	_, err = signInWith(t, Configuration{SharedCredentialsFile: file}, around(t))
	checkArgument(t, err, "shared_credentials_file", `oauth_site_type "MARS"`, "CN, INTL")
}

func TestKeepLosesNothing(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := write(t, home, "real.json", `{"current":"a","meta_path":"m<>","profiles":[{"name":"b","credentials_uri":"u","n":12345678901234567890},`+
		`{"name":"a","mode":"OAuth","oauth_refresh_token":"old","more":[1,null]}]}`)
	link := filepath.Join(home, "config.json")
	if err := errors.Join(os.Chmod(file, 0o400), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	if err := (profile{file: link, name: "a"}).keep(map[string]any{"oauth_refresh_token": "new", "sts_expiration": int64(7)}); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	var got, want any
	if err := errors.Join(err, json.Unmarshal(content, &got), json.Unmarshal([]byte(`{"current":"a","meta_path":"m<>","profiles":[`+
		`{"name":"b","credentials_uri":"u","n":12345678901234567890},`+
		`{"name":"a","mode":"OAuth","oauth_refresh_token":"new","sts_expiration":7,"more":[1,null]}]}`), &want)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(string(content), "12345678901234567890") || !strings.Contains(string(content), "m<>") {
		t.Errorf("%s\n%s", diff, content)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err = os.Stat(link); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("the mode is %v, %v", info, err)
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	for name, kept := range map[string]profile{"gone": {file: link, name: "c"}, "no file": {file: home + "/none", name: "a"}} {
		if err := kept.keep(map[string]any{"x": 1}); err == nil {
			t.Errorf("%s: kept", name)
		}
	}
}
