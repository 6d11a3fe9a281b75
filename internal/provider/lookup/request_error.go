package lookup

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// AddRequestError says what was asked, what came back, and what to do. Whether an argument is set decides where it stands.
func AddRequestError(diags *diag.Diagnostics, err error, asked string, set func(argument string) bool) {
	summary, advice := "The images could not be looked up", ""
	at := path.Empty() // and not the zero value, which is another path

	var (
		api         *paiclient.APIError
		response    *paiclient.ResponseError
		transport   *paiclient.TransportError
		interrupted *paiclient.InterruptedError
		credentials *paiclient.CredentialsError
	)
	switch {
	case errors.As(err, &interrupted):
		summary, advice = interruption(interrupted)
	case errors.As(err, &api):
		help := apiHelp[api.Kind]
		summary, advice = help.summary, help.advice
		at = parameterPath(api, set)
	case errors.As(err, &credentials):
		summary = "There are no credentials to sign in with"
		advice = "Nothing was sent to the image API." // the source itself says where it looked and what to set
	case errors.As(err, &response):
		summary = "The answer is not one of the image API"
		advice = "Check endpoint, and whether a proxy answers in the API's place."
	case errors.As(err, &transport):
		summary = "The image API could not be reached"
		advice = "Check region and endpoint (not every region has the service), network (vpc is only reached from inside one), " +
			"HTTPS_PROXY and the certificate authorities that this machine trusts."
		var slow net.Error
		if errors.As(err, &slow) && slow.Timeout() {
			advice = "Each attempt may take as long as the provider's request_timeout says: raise it where the service is slow. " + advice
		}
	}

	detail := fmt.Sprintf("Asked for: %s\nAnswer: %s", asked, err)
	if advice != "" {
		detail += "\n\n" + advice
	}
	if at.Equal(path.Empty()) {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(at, summary, detail)
}

func interruption(err *paiclient.InterruptedError) (summary, advice string) {
	if errors.Is(err, context.DeadlineExceeded) {
		return "The lookup took too long",
			"The time limit is that of the data source: timeouts = { read = \"10m\" } gives it more. Where the service throttles, " +
				"a smaller max_concurrency of the provider helps."
	}
	return "The lookup was cancelled", ""
}
