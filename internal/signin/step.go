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
	code := codeOf(f.err)
	if f.unreached() {
		code = unreachable
	}
	return f.name + " gave no credentials: " + reason(f.err) + "; " + f.advice(code)
}

// Temporary says that asking STS again may help: it had too much to do, or wasn't reached. Nothing else is asked twice: where
// a sidecar or an instance's metadata doesn't answer, none is there, and the user is not to wait for it.
func (f *failure) Temporary() bool {
	code := codeOf(f.err)
	return f.advice(unreachable) == unreachableAdvice &&
		(f.unreached() || strings.Contains(code, "Throttling") || strings.HasPrefix(code, "ServiceUnavailable") || strings.HasPrefix(code, "InternalError"))
}

// unreached says that there was no answer at all. A redirect that is refused is one, and an address that is none isn't asked.
func (f *failure) unreached() bool {
	request, own := (*url.Error)(nil), ownError{}
	return errors.As(f.err, &request) && request.Op != "parse" && !errors.As(request.Err, &own)
}

// sessionExpired says that the service calls the session expired that a role was to be assumed with.
func (f *failure) sessionExpired() bool { return codeOf(f.err) == "InvalidSecurityToken.Expired" }
