package paiclient

import (
	"context"
	"errors"
	"strings"
	"unicode"
)

// Credentials sign requests. SecurityToken is empty for keys that belong to no session.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
}

// CheckCredential says why a text can be no key or token, nil where it can: it goes into a header.
func CheckCredential(text string) error {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return errors.New("a blank, a line end or another control character stands in it")
	}
	return nil
}

func (c Credentials) check() error {
	for _, part := range []struct{ name, text string }{
		{"AccessKey id", c.AccessKeyID}, {"AccessKey secret", c.AccessKeySecret}, {"security token", c.SecurityToken},
	} {
		if err := CheckCredential(part.text); err != nil {
			return errors.New("the " + part.name + " can't be sent: " + err.Error())
		}
	}
	return nil
}

// CredentialSource hands out the credentials of each attempt. It is called from many goroutines at once.
type CredentialSource interface {
	// Credentials gives the ones in force. It returns as soon as ctx ends.
	Credentials(ctx context.Context) (Credentials, error)

	// Renew is told that the service called these expired, and says whether asking again can give others.
	Renew(expired Credentials) bool
}

// StaticCredentials is a source of credentials that never change.
type StaticCredentials Credentials

// Credentials gives the keys themselves.
func (s StaticCredentials) Credentials(context.Context) (Credentials, error) {
	return Credentials(s), nil
}

// Renew is false: there is nothing to fetch anew.
func (s StaticCredentials) Renew(Credentials) bool { return false }
