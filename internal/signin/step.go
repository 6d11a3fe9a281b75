package signin

import (
	"errors"
	"net/url"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// step is one of the library's providers under the name by which errors tell it from those above and below. Its panics
// become errors, and so do answers without a key: nothing is to be signed with those.
type step struct {
	name     string
	advice   func(code string) string
	provider providers.CredentialsProvider
}

// GetCredentials asks the library, which keeps what it has until shortly before it expires.
func (s *step) GetCredentials() (got *providers.Credentials, err error) {
	defer func() {
		if recover() != nil { // with what the library held, so it isn't told
			got, err = nil, &failure{s.name, s.advice, ownErrorf("its answer was incomplete")}
		}
	}()
	got, err = s.provider.GetCredentials()
	below := (*failure)(nil)
	switch {
	case errors.As(err, &below):
		return nil, err
	case err != nil:
		return nil, &failure{s.name, s.advice, err}
	case got.AccessKeyId == "" || got.AccessKeySecret == "":
		return nil, &failure{s.name, s.advice, ownErrorf("its answer holds no key")}
	}
	return got, nil
}

// GetProviderName is for the library, which tells STS of it.
func (s *step) GetProviderName() string { return s.provider.GetProviderName() }

// failure is a step that gave no credentials.
type failure struct {
	name   string
	advice func(code string) string
	err    error
}

// Error says which step failed, why, and what to do.
func (f *failure) Error() string {
	advice := f.advice(codeOf(f.err))
	if request := (*url.Error)(nil); errors.As(f.err, &request) {
		advice = "check that its address can be reached from here: HTTPS_PROXY and NO_PROXY, the certificate authorities that are trusted " +
			"(SSL_CERT_FILE), sts_endpoint and network where a role is assumed"
	}
	return f.name + " gave no credentials: " + reason(f.err) + "; " + advice
}

// Temporary says that asking again may help: the service had too much to do, or wasn't reached.
func (f *failure) Temporary() bool {
	code := codeOf(f.err)
	request := (*url.Error)(nil)
	return strings.Contains(code, "Throttling") || strings.HasPrefix(code, "ServiceUnavailable") || strings.HasPrefix(code, "InternalError") ||
		errors.As(f.err, &request) && request.Op != "parse" && ownRedirect(request) == nil
}

// ownRedirect is the refusal of a redirect, which is none that passes.
func ownRedirect(request *url.Error) error {
	if own := (ownError{}); errors.As(request.Err, &own) {
		return own
	}
	return nil
}

// sessionExpired says that the service calls the session expired that a role was to be assumed with.
func (f *failure) sessionExpired() bool { return codeOf(f.err) == "InvalidSecurityToken.Expired" }
