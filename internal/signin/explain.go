package signin

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/scrub"
)

// ownError is one whose text was written here, so that it can be shown as it is.
type ownError struct{ error }

func (e ownError) Unwrap() error { return errors.Unwrap(e.error) }

func ownErrorf(format string, arguments ...any) error {
	return ownError{fmt.Errorf(format, arguments...)}
}

// explain says which source failed, why, and what to do.
func (s *source) explain(err error) error {
	return fmt.Errorf("%s gave no credentials: %s; %s", s.name, reason(err), s.advice)
}

var (
	// repeated is where the library's text goes over to what it was answered or to an address, either of which may hold
	// credentials in a form that nobody knows. Nothing of it is told but what these find in it.
	repeated   = regexp.MustCompile(`(?s)(?:, httpStatus|(?: from)? (?:GET|PUT|POST) https?)?(?::| = |[{<]).*`)
	httpStatus = regexp.MustCompile(`httpStatus: (\d{3})\b`)
	errorCode  = regexp.MustCompile(`"Code"\s*:\s*"([\w.]{1,80})"`)
	requestID  = regexp.MustCompile(`"RequestId"\s*:\s*"([\w-]{1,64})"`)
)

func reason(err error) string {
	var (
		own       ownError
		request   *url.Error
		timestamp *time.ParseError
		clean     scrub.Scrubber
	)
	switch {
	case errors.As(err, &own):
		return own.Error()
	case errors.As(err, &request) && request.Op == "parse":
		return "its address is no URL"
	case errors.As(err, &request): // whose own text repeats the address
		return clean.Clean(request.Err.Error())
	case errors.As(err, &timestamp):
		return "its answer has no readable Expiration, such as 2006-01-02T15:04:05Z"
	}
	text := err.Error()
	said := repeated.ReplaceAllString(text, "")
	for _, known := range []struct {
		name string
		form *regexp.Regexp
	}{{"HTTP", httpStatus}, {"code", errorCode}, {"request id", requestID}} {
		if found := known.form.FindStringSubmatch(text); found != nil {
			said += ", " + known.name + " " + found[1]
		}
	}
	if repeated.MatchString(text) {
		said += " (what was answered is left out: it may hold credentials)"
	}
	return clean.Clean(said)
}
