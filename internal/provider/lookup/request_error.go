package lookup

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// AddRequestError adds an error with the cause, the request and the fix. If the API rejects a parameter, the error has
// the path of the argument behind it. The function argumentPath returns that path, and false if the argument is not
// set.
func AddRequestError(
	diags *diag.Diagnostics, err error, request string, argumentPath func(parameter string) (path.Path, bool),
) {
	help := explainError(err)
	detail := fmt.Sprintf("%s\n\nRequest: %s", ErrorSentence(err), request)
	if help.advice != "" {
		detail += "\n\n" + help.advice
	}
	var apiErr *paiclient.APIError
	if errors.As(err, &apiErr) && apiErr.Kind == paiclient.KindParameter {
		if argument := rejectedArgument(apiErr, argumentPath); !argument.Equal(path.Empty()) {
			diags.AddAttributeError(argument, help.summary, detail)
			return
		}
	}
	diags.AddError(help.summary, detail)
}

// ErrorSentence returns the message of an error as a sentence. It keeps a first word that is a name, such as
// access_key.
func ErrorSentence(err error) string {
	message := err.Error()
	word, _, _ := strings.Cut(message, " ")
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) {
		message = strings.ToUpper(message[:1]) + message[1:]
	}
	return strings.TrimSuffix(message, ".") + "."
}

// explainError returns the summary of an error of the client, and the fix.
func explainError(err error) errorHelp {
	var (
		apiErr         *paiclient.APIError
		responseErr    *paiclient.ResponseError
		transportErr   *paiclient.TransportError
		interruptedErr *paiclient.InterruptedError
		credentialsErr *paiclient.CredentialsError
	)
	switch {
	case errors.As(err, &interruptedErr):
		if errors.Is(err, context.DeadlineExceeded) {
			return errorHelp{
				summary: "Lookup timed out",
				advice: "Set a longer time limit in the data source, for example timeouts = { read = \"10m\" }. If the " +
					"service throttles requests, a lower max_concurrency in the provider block can help.",
			}
		}
		return errorHelp{summary: "Lookup cancelled"}
	case errors.As(err, &apiErr):
		return apiErrorHelp[apiErr.Kind]
	case errors.As(err, &credentialsErr):
		return errorHelp{summary: "Cannot get credentials", advice: "No request was sent to the image API."}
	case errors.As(err, &responseErr):
		return errorHelp{
			summary: "Unexpected response from the image API",
			advice:  "Check endpoint, and whether a proxy responds instead of the API.",
		}
	case errors.As(err, &transportErr):
		help := errorHelp{
			summary: "Cannot reach the image API",
			advice: "Check region and endpoint: not every region has the service. With network = \"vpc\", Terraform must " +
				"run in a VPC of the region. Check HTTPS_PROXY and the certificate authorities that this machine trusts.",
		}
		var netErr net.Error
		if errors.As(err, &netErr) && netErr.Timeout() {
			help.advice = "If the service is slow, raise request_timeout in the provider block, which limits each attempt. " +
				help.advice
		}
		return help
	}
	return errorHelp{summary: "Image lookup failed"}
}
