package signin

import (
	"context"
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

// safeError is an error of this package whose whole message can be shown. Errors of the library can't be shown
// unchanged, because they contain responses and URLs, which may contain secrets.
type safeError struct{ error }

func (e safeError) Unwrap() error { return e.error }

func safeErrorf(format string, values ...any) error { return safeError{fmt.Errorf(format, values...)} }

func isSafe(err error) bool {
	_, ok := errors.AsType[safeError](err)
	return ok
}

// Errors about the content of a response.
var (
	errIncomplete  = safeErrorf("incomplete response")
	errNoAccessKey = safeErrorf("the response has no access key")
	errExpiration  = safeErrorf("the response has no valid Expiration, such as 2006-01-02T15:04:05Z")
)

func redirectError(status int) error {
	return safeErrorf("the response is a redirect (HTTP %d), which is not followed: its target would receive the "+
		"credentials", status)
}

// namedProvider wraps a provider of the library and adds the name of the source to its errors. It also returns an error
// if the provider panics, or if its credentials lack a key. It prevents the provider from printing to os.Stdout.
type namedProvider struct {
	name     string
	advice   advice
	provider providers.CredentialsProvider
}

// GetCredentials is GetCredentialsContext for a caller without a context.
func (p *namedProvider) GetCredentials() (*providers.Credentials, error) {
	return p.GetCredentialsContext(context.Background())
}

// GetCredentialsContext returns the provider's credentials, which the library fetches again shortly before they expire.
// Errors are of type *sourceError.
func (p *namedProvider) GetCredentialsContext(
	ctx context.Context,
) (credentials *providers.Credentials, err error) {
	defer disableStdout()()
	defer func() {
		if recover() != nil { // the value is not shown: it may contain secrets
			credentials, err = nil, &sourceError{p.name, p.advice, errIncomplete}
		}
	}()
	credentials, err = getCredentials(ctx, p.provider)
	switch {
	case err != nil:
		return nil, newSourceError(p.name, p.advice, err)
	case credentials.AccessKeyId == "" || credentials.AccessKeySecret == "":
		return nil, &sourceError{p.name, p.advice, errNoAccessKey}
	}
	return credentials, nil
}

// GetProviderName returns the library's name for the provider, which it sends to STS.
func (p *namedProvider) GetProviderName() string { return p.provider.GetProviderName() }

// explainedError is an error with advice. The advice is one or more sentences, perhaps in paragraphs. It starts with a
// lower-case letter and has no full stop at the end.
type explainedError struct {
	cause  error
	advice string
}

// Error returns the cause and the advice in one line.
func (e *explainedError) Error() string { return oneLine(e.cause.Error() + "; " + e.advice) }

// oneLine returns the text with its paragraphs in one line.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n\n", " ") }

// Cause returns the error without the advice.
func (e *explainedError) Cause() error { return e.cause }

// Advice returns how to fix the error.
func (e *explainedError) Advice() string { return e.advice }

// sourceError is the error of a source that returned no credentials.
type sourceError struct {
	name   string
	advice advice
	err    error // an error of the library, or a safeError
}

// newSourceError returns a *sourceError that wraps err. If err is already a *sourceError, from a source that this
// source depends on, it returns err.
func newSourceError(name string, a advice, err error) error {
	if _, ok := errors.AsType[*sourceError](err); ok {
		return err
	}
	return &sourceError{name, a, err}
}

// Error returns the name of the source, the cause and the advice in one line.
func (e *sourceError) Error() string { return oneLine(e.Cause().Error() + "; " + e.Advice()) }

// Cause returns the error without the advice.
func (e *sourceError) Cause() error {
	if e.advice.cause != "" {
		return errors.New(e.advice.cause)
	}
	return errors.New(e.describe())
}

// describe returns the name of the source and its cause.
func (e *sourceError) describe() string {
	return fmt.Sprintf("no credentials from %s: %s", e.name, cause(e.err))
}

// Advice returns how to fix the error, in the format of explainedError.
func (e *sourceError) Advice() string {
	code := errorCode(e.err)
	_, sent := errors.AsType[*url.Error](e.err)
	switch {
	case e.Unreachable():
		code = codeUnreachable
	case code != "":
	case !isSafe(e.err), sent, errors.Is(e.err, errIncomplete), errors.Is(e.err, errNoAccessKey):
		code = codeUnexpected
	default: // an error of this package from before the request
		code = codeUnreadable
	}
	if e.advice.cause != "" {
		return e.advice.forCode(code) + ".\n\n" + strings.ToUpper(e.describe()[:1]) + e.describe()[1:]
	}
	return e.advice.forCode(code)
}

// Temporary reports whether a retry may help, because STS was overloaded, could not be reached, or received a request
// twice. It returns false for a sidecar and for instance metadata. If they can't be reached, they probably don't exist.
func (e *sourceError) Temporary() bool {
	code := errorCode(e.err)
	return e.advice.sts && (e.Unreachable() || strings.Contains(code, "Throttling") || code == "SignatureNonceUsed" ||
		strings.HasPrefix(code, "ServiceUnavailable") || strings.HasPrefix(code, "InternalError"))
}

// Unreachable reports whether a request was sent without getting a response. It returns false for an invalid URL and
// for a refused redirect.
func (e *sourceError) Unreachable() bool {
	request, ok := errors.AsType[*url.Error](e.err)
	return ok && request.Op != "parse" && !isSafe(request.Err)
}

// sessionExpired reports whether STS refused an expired session that the role was to be assumed with.
func (e *sourceError) sessionExpired() bool {
	return errorCode(e.err) == codeExpiredSession
}

// codeExpiredSession is the code of STS for an expired session.
const codeExpiredSession = "InvalidSecurityToken.Expired"

var (
	// unsafeText matches an error of the library from the beginning of a response or a URL to the end. Of this text, only
	// the matches of the other expressions are shown.
	unsafeText     = regexp.MustCompile(`(?s)(?:, httpStatus|(?: from)? (?:GET|PUT|POST) https?)?(?::| = |[{<]).*`)
	httpStatusText = regexp.MustCompile(`(?:httpStatus: | )([1-5]\d\d)(?:,|$)`)
	errorCodeText  = regexp.MustCompile(`"Code"\s*:\s*"([\w.]{1,80})"`)
	requestIDText  = regexp.MustCompile(`"RequestId"\s*:\s*"([\w-]{1,64})"`)
	networkText    = regexp.MustCompile(
		`connection refused|connection reset by peer|no such host|network is unreachable|no route to host`)
	timeoutText = regexp.MustCompile(`context deadline exceeded|Client\.Timeout|i/o timeout`)
)

// errorCode returns the error code in an error of the library, or "" if there is none.
func errorCode(err error) string {
	if isSafe(err) {
		return ""
	}
	if match := errorCodeText.FindStringSubmatch(err.Error()); match != nil {
		return match[1]
	}
	return ""
}

// cause returns the message of an error without the parts that may contain secrets. It returns a safeError's message
// whole.
func cause(err error) string {
	var scrubber scrub.Scrubber
	if safe, ok := errors.AsType[safeError](err); ok {
		return safe.Error()
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		switch text := request.Err.Error(); { // request.Error() contains the URL
		case request.Timeout():
			return "no response in time"
		case strings.HasPrefix(text, "invalid proxy address"):
			return "HTTPS_PROXY or HTTP_PROXY is not a URL" // the error contains the URL, with any password
		default:
			return scrubber.Clean(text)
		}
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return errExpiration.Error()
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

// safePart returns the text up to the match of unsafeText. It adds the status, the error code and the request ID if the
// text contains them, or otherwise the kind of network error.
func safePart(text string) string {
	beginning, facts := unsafeText.ReplaceAllString(text, ""), errorFacts(text)
	if match := httpStatusText.FindStringSubmatch(text); match != nil {
		facts = ", HTTP " + match[1] + facts
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

// errorFacts returns the error code and the request ID in the text of a response, each after a comma.
func errorFacts(text string) string {
	var scrubber scrub.Scrubber
	facts := ""
	for _, fact := range []struct {
		name    string
		pattern *regexp.Regexp
	}{{"code", errorCodeText}, {"request ID", requestIDText}} {
		if match := fact.pattern.FindStringSubmatch(text); match != nil {
			facts += ", " + fact.name + " " + scrubber.Clean(match[1])
		}
	}
	return facts
}
