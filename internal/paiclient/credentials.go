package paiclient

import "context"

// Credentials sign requests. SecurityToken is empty for keys that belong to no session.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
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
