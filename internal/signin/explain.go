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

	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// ownError is one whose text was written here, so that it can be shown as it is.
type ownError struct{ error }

func (e ownError) Unwrap() error { return errors.Unwrap(e.error) }

func ownErrorf(format string, arguments ...any) error {
	return ownError{fmt.Errorf(format, arguments...)}
}

var (
	// repeated is where the library's text goes over to what it was answered or to an address, either of which may hold
	// credentials in a form that nobody knows. Nothing of it is told but what these find in it.
	repeated   = regexp.MustCompile(`(?s)(?:, httpStatus|(?: from)? (?:GET|PUT|POST) https?)?(?::| = |[{<]).*`)
	httpStatus = regexp.MustCompile(`(?:httpStatus: | )([1-5]\d\d)(?:,|$)`)
	errorCode  = regexp.MustCompile(`"Code"\s*:\s*"([\w.]{1,80})"`)
	requestID  = regexp.MustCompile(`"RequestId"\s*:\s*"([\w-]{1,64})"`)
	noAnswer   = regexp.MustCompile(`connection refused|connection reset by peer|no such host|network is unreachable|no route to host`)
	tooLate    = regexp.MustCompile(`context deadline exceeded|Client\.Timeout|i/o timeout`)
)

// codeOf is the code that STS, or another service, gave for its refusal; empty where the library's error holds none.
func codeOf(err error) string {
	if own := (ownError{}); errors.As(err, &own) {
		return ""
	}
	if found := errorCode.FindStringSubmatch(err.Error()); found != nil {
		return found[1]
	}
	return ""
}

// reason says why the library failed, in a clause.
func reason(err error) string {
	var (
		own       ownError
		request   *url.Error
		timestamp *time.ParseError
		ended     *exec.ExitError
		unfound   *exec.Error
		unstarted *fs.PathError
		clean     scrub.Scrubber
	)
	switch {
	case errors.As(err, &own):
		return own.Error()
	case errors.As(err, &request) && request.Timeout():
		return "no answer came in time"
	case errors.As(err, &request) && strings.HasPrefix(request.Err.Error(), "invalid proxy address"):
		return "HTTPS_PROXY or HTTP_PROXY is no URL" // its text repeats it, with a password where it has one
	case errors.As(err, &request): // whose own text repeats the address
		return clean.Clean(request.Err.Error())
	case errors.As(err, &timestamp):
		return "its answer has no readable Expiration, such as 2006-01-02T15:04:05Z"
	case errors.As(err, &ended):
		return clean.Clean("its command ended with "+ended.String()) + " (what it wrote is left out: it may hold credentials)"
	case errors.As(err, &unfound):
		return clean.Clean("its command can't be started: " + unfound.Err.Error())
	case errors.As(err, &unstarted):
		return clean.Clean("its command can't be started: " + unstarted.Err.Error())
	}
	return clean.Clean(told(err.Error()))
}

// told is what may be told of the library's text.
func told(text string) string {
	said := repeated.ReplaceAllString(text, "")
	facts := ""
	for _, known := range []struct {
		name string
		form *regexp.Regexp
	}{{"HTTP", httpStatus}, {"code", errorCode}, {"request id", requestID}} {
		if found := known.form.FindStringSubmatch(text); found != nil {
			facts += ", " + known.name + " " + found[1]
		}
	}
	switch found := noAnswer.FindString(text); {
	case facts != "":
		return said + facts
	case found != "":
		return said + ", " + found
	case tooLate.MatchString(text):
		return said + ", no answer came in time"
	case said != text:
		return said + " (what was answered is left out: it may hold credentials)"
	}
	return said
}
