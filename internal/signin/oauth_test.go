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

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// TestProfileOfOAuth fetches a session twice. Before the second time, the access token expires, so the refresh token in
// the file is used.
func TestProfileOfOAuth(t *testing.T) { //nolint:paralleltest // it routes oauth.aliyun.com
	s := startSandbox(t)
	sso, err := identity.StartSSO(t.Context(), s, identity.SSOOptions{})
	if err != nil {
		t.Fatal(err)
	}
	useProxy(t, map[string]string{"oauth.aliyun.com:443": sso.Host()})
	env := newEnv(t)
	file := writeFile(t, env.Home, cliConfig, oneProfile(t, map[string]any{
		"mode": "OAuth", "oauth_site_type": "cn",
		"oauth_access_token": sso.AccessToken(), "oauth_refresh_token": sso.RefreshToken(),
		"oauth_access_token_expire": time.Now().Add(time.Hour).Unix(), "odd_member": 1,
	}))
	got, err := fetch(t, Configuration{}, env)
	checkLastSession(t, got, err, s, identity.ByOAuth)

	content, err := os.ReadFile(file)
	var config struct{ Profiles []map[string]any }
	if err := errors.Join(err, json.Unmarshal(content, &config)); err != nil {
		t.Fatal(err)
	}
	members := config.Profiles[0]
	if members["oauth_refresh_token"] != sso.RefreshToken() || members["access_key_id"] != got.AccessKeyID ||
		members["odd_member"] != 1.0 {
		t.Errorf("the file has the profile %v", members)
	}
	members["oauth_access_token_expire"] = 1
	writeFile(t, env.Home, cliConfig, oneProfile(t, members))
	got, err = fetch(t, Configuration{}, env)
	checkLastSession(t, got, err, s, identity.ByOAuth)
	if content, err = os.ReadFile(file); err != nil || !strings.Contains(string(content), sso.RefreshToken()) {
		t.Errorf("the file doesn't have the new refresh token, error %v", err)
	}

	sso.AddFault(paisandbox.Fault{Do: paisandbox.ServerError(502)})
	_, err = fetch(t, Configuration{}, env)
	checkError(t, err, `the profile "it" of `+file, "get session token from OAuth failed")
}

func TestUnsupportedOAuthSite(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	file := writeFile(t, env.Home, "file", oneProfile(t, map[string]any{"mode": "OAuth", "oauth_site_type": "MARS"}))
	_, err := fetch(t, Configuration{SharedCredentialsFile: file}, env)
	checkArgument(t, err, "shared_credentials_file", "oauth_site_type` \"MARS\"", "CN, INTL")
}

// TestUpdateFile checks that updateFile changes the members of one profile only, and that it keeps the file mode and a
// symbolic link to the file.
func TestUpdateFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := writeFile(t, home, "real.json", `{"current":"a","meta_path":"m<>","profiles":[`+
		`{"name":"b","credentials_uri":"u","n":12345678901234567890},`+
		`{"name":"a","mode":"OAuth","oauth_refresh_token":"old","more":[1,null]}]}`)
	link := filepath.Join(home, "config.json")
	if err := errors.Join(os.Chmod(file, 0o400), os.Symlink(file, link)); err != nil {
		t.Fatal(err)
	}
	members := map[string]any{"oauth_refresh_token": "new", "sts_expiration": int64(7)}
	if err := (fileProfile{file: link, name: "a"}).updateFile(members); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	const updated = `{"current":"a","meta_path":"m<>","profiles":[` +
		`{"name":"b","credentials_uri":"u","n":12345678901234567890},` +
		`{"name":"a","mode":"OAuth","oauth_refresh_token":"new","sts_expiration":7,"more":[1,null]}]}`
	var got, want any
	if err := errors.Join(err, json.Unmarshal(content, &got), json.Unmarshal([]byte(updated), &want)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	for _, unchanged := range []string{"12345678901234567890", "m<>"} {
		if !strings.Contains(string(content), unchanged) {
			t.Errorf("%s is no longer in the file: %s", unchanged, content)
		}
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link has become %v, error %v", info, err)
	}
	if info, err = os.Stat(link); err != nil || info.Mode().Perm() != 0o400 {
		t.Errorf("the mode is %v, error %v", info, err)
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 2 {
		t.Errorf("entries %v, error %v; want the file and the link", entries, err)
	}
	for name, p := range map[string]fileProfile{
		"missing profile": {file: link, name: "c"}, "missing file": {file: home + "/none", name: "a"},
	} {
		if err := p.updateFile(map[string]any{"x": 1}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
