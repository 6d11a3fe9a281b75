package paiclient

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// Credentials contains the keys that sign requests. SecurityToken is empty unless the keys are temporary.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
}

// CheckCredential returns an error if value, a key or a token, contains whitespace or control characters. The error
// doesn't contain the value.
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

// CredentialSource provides the credentials for each attempt. Implementations must be safe for concurrent use.
type CredentialSource interface {
	// Credentials returns the current credentials. If ctx ends first, it returns an error immediately.
	//
	// If the error has a method Temporary() bool that returns true, the client may retry the attempt.
	Credentials(ctx context.Context) (Credentials, error)

	// Renew is called after the service rejected the given credentials as expired. It reports whether Credentials can
	// now return different credentials.
	Renew(expired Credentials) bool
}

// StaticCredentials is a CredentialSource whose credentials never change.
type StaticCredentials Credentials

// Credentials returns s and no error.
func (s StaticCredentials) Credentials(context.Context) (Credentials, error) {
	return Credentials(s), nil
}

// Renew returns false, because static credentials can't be renewed.
func (s StaticCredentials) Renew(Credentials) bool { return false }
