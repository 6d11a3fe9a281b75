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

// oauthSite is where a login of the CLI was made, and the CLI's own id there. Source: the vendor's credentials library.
type oauthSite struct{ signInURL, clientID string }

var oauthSites = map[string]oauthSite{
	"CN":   {"https://oauth.aliyun.com", "4038181954557748008"},
	"INTL": {"https://oauth.alibabacloud.com", "4103531455503354461"},
}

// openOAuth has tokens written back to the file: each refresh token is good for once. The library's own way would lose
// what it doesn't know of the file's members, other profiles' too.
func (p profile) openOAuth(one cliProfile, _ cliFile) (providers.CredentialsProvider, error) {
	name := strings.ToUpper(one.text("oauth_site_type"))
	site, known := oauthSites[name]
	if !known {
		return nil, ownErrorf("in %s the profile %q has the oauth_site_type %q; known are: %s",
			p.file, p.name, name, strings.Join(slices.Sorted(maps.Keys(oauthSites)), ", "))
	}
	return providers.NewOAuthCredentialsProviderBuilder().WithSignInUrl(site.signInURL).WithClientId(site.clientID).
		WithRefreshToken(one.text("oauth_refresh_token")).WithAccessToken(one.text("oauth_access_token")).
		WithAccessTokenExpire(one.number("oauth_access_token_expire")).
		WithTokenUpdateCallback(func(refresh, access, id, secret, token string, accessExpires, expires int64) error {
			return p.keep(map[string]any{
				"oauth_refresh_token": refresh, "oauth_access_token": access, "oauth_access_token_expire": accessExpires,
				"access_key_id": id, "access_key_secret": secret, "sts_token": token, "sts_expiration": expires,
			})
		}).Build()
}

// keeping has one goroutine at a time change files.
var keeping sync.Mutex

// keep writes members of the profile into its file. All else of it stays, but for the order of members.
func (p profile) keep(members map[string]any) error {
	keeping.Lock()
	defer keeping.Unlock()
	file, err := filepath.EvalSymlinks(p.file) // a link to a file elsewhere is to stay one
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var config map[string]any
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	if err := decoder.Decode(&config); err != nil {
		return errors.New("the file is no JSON any more")
	}
	profiles, _ := config["profiles"].([]any)
	at := slices.IndexFunc(profiles, func(one any) bool {
		members, _ := one.(map[string]any)
		return cliProfile(members).text("name") == p.name
	})
	if at < 0 {
		return errors.New("the profile is gone")
	}
	maps.Copy(profiles[at].(map[string]any), members)
	var changed bytes.Buffer
	encoder := json.NewEncoder(&changed)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	if err := encoder.Encode(config); err != nil {
		return err
	}
	return replace(file, changed.Bytes())
}

// replace writes a file aside and moves it into place, so that there is no moment without a whole one.
func replace(file string, content []byte) (err error) {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	aside, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(aside.Name()))
		}
	}()
	_, err = aside.Write(content)
	if err = errors.Join(err, aside.Chmod(info.Mode().Perm()), aside.Close()); err != nil {
		return err
	}
	return os.Rename(aside.Name(), file)
}
