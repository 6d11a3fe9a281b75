package paiclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Credentials sign requests. SecurityToken is empty for keys that belong to no session.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
}

// CheckCredential returns an error if the value can't be sent in a header, as every key and token is. The error doesn't
// contain the value.
func CheckCredential(value string) error {
	if containsSpaceOrControl(value) {
		return errors.New("contains whitespace or control characters")
	}
	return nil
}

func containsSpaceOrControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

func (c Credentials) check() error {
	for _, part := range []struct{ name, value string }{
		{"AccessKey ID", c.AccessKeyID}, {"AccessKey secret", c.AccessKeySecret}, {"security token", c.SecurityToken},
	} {
		if err := CheckCredential(part.value); err != nil {
			return fmt.Errorf("%s %w", part.name, err)
		}
	}
	return nil
}

// CredentialSource returns the credentials for each attempt. It must be safe for concurrent use.
type CredentialSource interface {
	// Credentials returns the current credentials. It returns as soon as ctx ends.
	//
	// If the error has a method Temporary() bool that returns true, the attempt is retried.
	Credentials(ctx context.Context) (Credentials, error)

	// Renew is called with credentials that the service rejected as expired. It reports whether Credentials can return
	// other ones now.
	Renew(expired Credentials) bool
}

// StaticCredentials is a CredentialSource whose credentials never change.
type StaticCredentials Credentials

// Credentials returns the credentials.
func (s StaticCredentials) Credentials(context.Context) (Credentials, error) {
	return Credentials(s), nil
}

// Renew returns false.
func (s StaticCredentials) Renew(Credentials) bool { return false }
