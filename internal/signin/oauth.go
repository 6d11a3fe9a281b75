package signin

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// oauthSite is a site for the CLI's OAuth login. The URLs and client IDs are those in the source code of
// github.com/aliyun/credentials-go.
type oauthSite struct{ signInURL, clientID string }

var oauthSites = map[string]oauthSite{
	"CN":   {"https://oauth.aliyun.com", "4038181954557748008"},
	"INTL": {"https://oauth.alibabacloud.com", "4103531455503354461"},
}

// openOAuth returns a provider that exchanges the tokens of an OAuth login for a session. It writes new tokens to the
// file, because a refresh token can be used only once. The library's own callback would remove all members of the file
// that the library doesn't define.
func (p fileProfile) openOAuth(members cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	name := strings.ToUpper(members.stringMember("oauth_site_type"))
	site, ok := oauthSites[name]
	if !ok {
		return nil, p.errorf("has the unsupported `oauth_site_type` %q: use one of %s",
			name, strings.Join(slices.Sorted(maps.Keys(oauthSites)), ", "))
	}
	return providers.NewOAuthCredentialsProviderBuilder().
		WithSignInUrl(site.signInURL).WithClientId(site.clientID).
		WithRefreshToken(members.stringMember("oauth_refresh_token")).
		WithAccessToken(members.stringMember("oauth_access_token")).
		WithAccessTokenExpire(members.intMember("oauth_access_token_expire")).
		WithTokenUpdateCallback(func(refresh, access, id, secret, token string, accessExpires, expires int64) error {
			return p.updateFile(map[string]any{
				"oauth_refresh_token": refresh, "oauth_access_token": access, "oauth_access_token_expire": accessExpires,
				"access_key_id": id, "access_key_secret": secret, "sts_token": token, "sts_expiration": expires,
			})
		}).Build()
}

// fileUpdates is locked while updateFile changes a file.
var fileUpdates sync.Mutex

// updateFile sets members of the profile in its file. It keeps all other members, but may change their order.
func (p fileProfile) updateFile(members map[string]any) error {
	fileUpdates.Lock()
	defer fileUpdates.Unlock()
	file, err := filepath.EvalSymlinks(p.file) // so that a symbolic link remains one
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var config map[string]any
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber() // keeps numbers that float64 can't represent
	if err := decoder.Decode(&config); err != nil {
		return errors.New("the file is no longer valid JSON")
	}
	profiles, _ := config["profiles"].([]any)
	i := slices.IndexFunc(profiles, func(value any) bool {
		members, _ := value.(map[string]any)
		return cliProfile(members).stringMember("name") == p.name
	})
	if i < 0 {
		return errors.New("the profile is no longer in the file")
	}
	maps.Copy(profiles[i].(map[string]any), members)
	var updated bytes.Buffer
	encoder := json.NewEncoder(&updated)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	if err := encoder.Encode(config); err != nil {
		return err
	}
	return replaceFile(file, updated.Bytes())
}

// replaceFile replaces the content of a file. It renames a temporary file, so that no program reads a partial file.
func replaceFile(file string, content []byte) (err error) {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(temporary.Name()))
		}
	}()
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Chmod(info.Mode().Perm()), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), file)
}
