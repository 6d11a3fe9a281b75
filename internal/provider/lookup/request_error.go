package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// AddRequestError adds an error with the cause, the request and the advice. request is a paragraph in HCL, or empty. If
// the client sent no request, because it got no credentials or no connection, the error omits that paragraph. The full
// text of such an error is added only once per run. If the API rejects the credentials, the error starts with the
// reason and their source, and omits that paragraph.
//
// If the API rejects a parameter, the path of the error is the argument that sets the parameter. argumentPath returns
// the path of this argument, and whether the argument is set.
func (c *Connection) AddRequestError(
	diags *diag.Diagnostics, err error, request string, argumentPath func(parameter string) (path.Path, bool),
) {
	if _, ok := errors.AsType[*paiclient.CredentialsError](err); ok {
		c.data.addOnce(diags, diag.NewErrorDiagnostic("Cannot get credentials", ErrorDetail(err)))
		return
	}
	help := explainError(err, argumentPath)
	if _, ok := errors.AsType[*paiclient.ConnectError](err); ok {
		c.data.addOnce(diags, diag.NewErrorDiagnostic(help.summary, joinParagraphs(ErrorDetail(err), help.advice)))
		return
	}
	apiErr, ok := errors.AsType[*paiclient.APIError](err)
	if ok && rejectsCredentials(apiErr) {
		diags.AddError(help.summary, joinParagraphs(c.explainRejection(apiErr, help), rejectionDetail(apiErr)))
		return
	}
	detail := joinParagraphs(ErrorDetail(err), request, help.advice)
	if ok && apiErr.Kind == paiclient.KindParameter {
		if argument := rejectedArgument(apiErr, argumentPath); !argument.Equal(path.Empty()) {
			diags.AddAttributeError(argument, help.summary, detail)
			return
		}
	}
	diags.AddError(help.summary, detail)
}

// explainRejection returns the reason for which the API rejected the credentials, with the fix and the source of the
// credentials.
func (c *Connection) explainRejection(err *paiclient.APIError, help errorHelp) string {
	source := fmt.Sprintf("The credentials come from %s.", c.CredentialSource)
	switch {
	case c.Sessions:
		return source + " " + sessionAdvice[err.Kind]
	case err.Kind == paiclient.KindExpiredToken:
		return source + " " + help.advice
	}
	return help.advice + " " + source
}

// rejectionDetail returns the text of err without the link that the service recommends. The link leads to a page about
// the error code, which explainRejection describes.
func rejectionDetail(err *paiclient.APIError) string {
	short := *err
	if strings.HasPrefix(short.Advice, "https://") {
		short.Advice = ""
	}
	return ErrorDetail(&short)
}

// joinParagraphs joins the paragraphs of a detail that are not empty.
func joinParagraphs(paragraphs ...string) string {
	return strings.Join(slices.DeleteFunc(paragraphs, func(s string) bool { return s == "" }), "\n\n")
}

// explainError returns the summary and the advice for an error of the client. argumentPath is the parameter of
// AddRequestError.
func explainError(err error, argumentPath func(parameter string) (path.Path, bool)) errorHelp {
	var (
		apiErr         *paiclient.APIError
		responseErr    *paiclient.ResponseError
		listErr        *paiclient.ListTooLargeError
		connectErr     *paiclient.ConnectError
		transportErr   *paiclient.TransportError
		interruptedErr *paiclient.InterruptedError
		waitErr        *paiclient.WaitError
	)
	switch {
	case errors.As(err, &interruptedErr):
		return interruptionHelp(interruptedErr)
	case errors.As(err, &waitErr):
		return waitHelp(waitErr, argumentPath)
	case errors.As(err, &apiErr):
		return apiHelp(apiErr, argumentPath)
	case errors.As(err, &responseErr):
		return unexpectedResponseHelp
	case errors.As(err, &listErr):
		return errorHelp{
			summary: "The list is too long",
			advice: "Add filters that the API evaluates, so that it returns fewer items. If you expect fewer, check " +
				"`endpoint`: it may not be that of the PAI API.",
		}
	case errors.As(err, &connectErr):
		return connectHelp(connectErr.Failure)
	case errors.As(err, &transportErr):
		return transportHelp(transportErr)
	}
	return errorHelp{summary: "Image lookup failed"}
}

// IsNotFound reports whether the API returned an error because there is no object with the requested ID. Status 404
// without a code comes from another server. The code InvalidAction means that the endpoint does not have the PAI API.
func IsNotFound(err error) bool {
	apiErr, ok := errors.AsType[*paiclient.APIError](err)
	return ok && apiErr.Kind == paiclient.KindNotFound && apiErr.Code != "" &&
		!strings.HasPrefix(apiErr.Code, "InvalidAction")
}

// interruptionHelp returns the summary and the advice for a lookup that was cancelled or reached its time limit.
func interruptionHelp(err *paiclient.InterruptedError) errorHelp {
	last, isAPIError := errors.AsType[*paiclient.APIError](err.Last)
	switch {
	case !errors.Is(err, context.DeadlineExceeded):
		return errorHelp{
			summary: "Lookup cancelled",
			advice:  "Terraform cancels lookups when it is interrupted, for example with Ctrl+C. Run the command again.",
		}
	case isAPIError && last.Kind == paiclient.KindThrottled:
		return errorHelp{
			summary: apiErrorHelp[paiclient.KindThrottled].summary,
			advice: "The provider retries throttled requests until the time limit of the lookup. Run the plan again later, " +
				"or set a longer time limit in the data source, for example `timeouts = { read = \"10m\" }`. To send fewer " +
				"requests, lower `max_concurrency` in the provider block or Terraform's `-parallelism`.",
		}
	}
	return errorHelp{
		summary: "Lookup timed out",
		advice:  "Set a longer time limit in the data source, for example `timeouts = { read = \"10m\" }`.",
	}
}

// waitHelp returns the summary and the advice for a lookup that would exceed its time limit if it waited as long as the
// service requests. argumentPath is the parameter of AddRequestError.
func waitHelp(err *paiclient.WaitError, argumentPath func(parameter string) (path.Path, bool)) errorHelp {
	help := explainError(err.Last, argumentPath)
	limit := (err.Wait + DefaultReadTimeout + time.Minute - 1).Truncate(time.Minute) // rounds up to minutes
	help.advice = fmt.Sprintf("Run the plan again after the wait, or set a time limit in the data source that is longer "+
		"than the wait, for example `timeouts = { read = \"%.0fm\" }`.", limit.Minutes())
	return help
}
