package signin

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"

	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// safeError is an error whose whole text can be shown, as this package wrote it. Errors of the library are different:
// they repeat responses and addresses, which may contain secrets.
type safeError struct{ error }

func (e safeError) Unwrap() error { return errors.Unwrap(e.error) }

func safeErrorf(format string, values ...any) error { return safeError{fmt.Errorf(format, values...)} }

func isSafe(err error) bool {
	_, ok := errors.AsType[safeError](err)
	return ok
}

// namedProvider is a provider of the library whose errors name the source. Its panics become errors, and so do
// credentials without a key, which must not sign anything.
type namedProvider struct {
	name     string
	advice   advice
	provider providers.CredentialsProvider
}

// GetCredentials returns the credentials, which the library keeps until shortly before they expire. Errors are of type
// *sourceError.
func (p *namedProvider) GetCredentials() (credentials *providers.Credentials, err error) {
	defer func() {
		if recover() != nil { // the value is not shown: it may contain secrets
			credentials, err = nil, &sourceError{p.name, p.advice, safeErrorf("incomplete response")}
		}
	}()
	credentials, err = p.provider.GetCredentials()
	switch {
	case err != nil:
		return nil, newSourceError(p.name, p.advice, err)
	case credentials.AccessKeyId == "" || credentials.AccessKeySecret == "":
		return nil, &sourceError{p.name, p.advice, safeErrorf("the response has no access key")}
	}
	return credentials, nil
}

// GetProviderName returns the library's name for the provider, which it sends to STS.
func (p *namedProvider) GetProviderName() string { return p.provider.GetProviderName() }

// sourceError reports that a source returned no credentials.
type sourceError struct {
	name   string
	advice advice
	err    error // of the library, or a safeError
}

// newSourceError returns err itself if it is the error of a source that this one uses.
func newSourceError(name string, a advice, err error) error {
	if _, ok := errors.AsType[*sourceError](err); ok {
		return err
	}
	return &sourceError{name, a, err}
}

// Error returns the source, the cause and the fix.
func (e *sourceError) Error() string {
	code := errorCode(e.err)
	if e.unreachable() {
		code = codeUnreachable
	}
	return e.name + " failed: " + cause(e.err) + "; " + e.advice.forCode(code)
}

// Temporary reports whether a retry may help: STS was overloaded or couldn't be reached. For a sidecar or an instance's
// metadata it is false, so that nobody waits for a server that doesn't exist.
func (e *sourceError) Temporary() bool {
	code := errorCode(e.err)
	return e.advice.sts && (e.unreachable() || strings.Contains(code, "Throttling") ||
		strings.HasPrefix(code, "ServiceUnavailable") || strings.HasPrefix(code, "InternalError"))
}

// unreachable reports whether a request was sent and got no response. It is false for an invalid address and a refused
// redirect.
func (e *sourceError) unreachable() bool {
	request, ok := errors.AsType[*url.Error](e.err)
	return ok && request.Op != "parse" && !isSafe(request.Err)
}

// sessionExpired reports whether STS refused the session with which a role was to be assumed.
func (e *sourceError) sessionExpired() bool {
	return errorCode(e.err) == "InvalidSecurityToken.Expired"
}

var (
	// unsafeText begins where an error of the library repeats a response or an address. Nothing of it is shown, except
	// what the other expressions find.
	unsafeText     = regexp.MustCompile(`(?s)(?:, httpStatus|(?: from)? (?:GET|PUT|POST) https?)?(?::| = |[{<]).*`)
	httpStatusText = regexp.MustCompile(`(?:httpStatus: | )([1-5]\d\d)(?:,|$)`)
	errorCodeText  = regexp.MustCompile(`"Code"\s*:\s*"([\w.]{1,80})"`)
	requestIDText  = regexp.MustCompile(`"RequestId"\s*:\s*"([\w-]{1,64})"`)
	networkText    = regexp.MustCompile(
		`connection refused|connection reset by peer|no such host|network is unreachable|no route to host`)
	timeoutText = regexp.MustCompile(`context deadline exceeded|Client\.Timeout|i/o timeout`)
)

// errorCode returns the error code of STS or of another service, "" if the library's error contains none.
func errorCode(err error) string {
	if isSafe(err) {
		return ""
	}
	if match := errorCodeText.FindStringSubmatch(err.Error()); match != nil {
		return match[1]
	}
	return ""
}

// cause returns the text of an error of the library without the parts that may contain secrets.
func cause(err error) string {
	var scrubber scrub.Scrubber
	if safe, ok := errors.AsType[safeError](err); ok {
		return safe.Error()
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		switch text := request.Err.Error(); { // request.Error would repeat the address
		case request.Timeout():
			return "no response in time"
		case strings.HasPrefix(text, "invalid proxy address"):
			return "HTTPS_PROXY or HTTP_PROXY is not a URL" // the error repeats it, with any password
		default:
			return scrubber.Clean(text)
		}
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return "the response has no valid Expiration, such as 2006-01-02T15:04:05Z"
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return scrubber.Clean("the command failed with "+exit.String()) + " (output omitted, as it may contain secrets)"
	}
	if lookup, ok := errors.AsType[*exec.Error](err); ok {
		return scrubber.Clean("the command can't be started: " + lookup.Err.Error())
	}
	if start, ok := errors.AsType[*fs.PathError](err); ok {
		return scrubber.Clean("the command can't be started: " + start.Err.Error())
	}
	return scrubber.Clean(safePart(err.Error()))
}

// safePart returns the beginning of a text, up to what unsafeText matches, and the status, code and request ID in the
// rest.
func safePart(text string) string {
	beginning := unsafeText.ReplaceAllString(text, "")
	facts := ""
	for _, fact := range []struct {
		name    string
		pattern *regexp.Regexp
	}{{"HTTP", httpStatusText}, {"code", errorCodeText}, {"request ID", requestIDText}} {
		if match := fact.pattern.FindStringSubmatch(text); match != nil {
			facts += ", " + fact.name + " " + match[1]
		}
	}
	switch network := networkText.FindString(text); {
	case facts != "":
		return beginning + facts
	case network != "":
		return beginning + ", " + network
	case timeoutText.MatchString(text):
		return beginning + ", no response in time"
	case beginning != text:
		return beginning + " (response omitted, as it may contain secrets)"
	}
	return beginning
}
