package provider

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

// clientOrError gives the client, or an error where the provider's configuration isn't known yet.
func (c *configured) clientOrError(diags *diag.Diagnostics) imageAPI {
	switch {
	case c == nil:
		diags.AddError("The provider isn't configured", "Terraform asked for data before it configured the provider. Please report this.")
		return nil
	case c.client == nil:
		diags.AddError("The provider's configuration isn't known yet", fmt.Sprintf(
			"The value of the provider's %s comes from something that is not created yet, and without it images would be looked up "+
				"in another place or with another account. Apply what it comes from first (-target), or use a value that is known "+
				"when planning.", strings.Join(c.unknown, ", ")))
	}
	return c.client
}

// addRequestError says what was asked, what came back, and what to do. Whether an argument is set decides where it stands.
func addRequestError(diags *diag.Diagnostics, err error, asked string, set func(argument string) bool) {
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

// addUnsettledWarning tells of a list that may lack images.
func addUnsettledWarning(diags *diag.Diagnostics, unsettled *paiclient.Unsettled) {
	if unsettled == nil {
		return
	}
	counted := "gives no count"
	if unsettled.Counted != nil {
		counted = fmt.Sprintf("counts %d images", *unsettled.Counted)
	}
	diags.AddWarning("The list may not be complete", fmt.Sprintf(
		"The API %s, and %d were listed. All pages were read %d times, and no two readings in a row agreed with each other and with the "+
			"API's count. Images may be changing right now: plan again. If this stays, the API's count is wrong, or some images are "+
			"counted that this account may not see.", counted, unsettled.Listed, unsettled.Passes))
}

// addShortWarning tells of a page that holds other images than its number says.
func addShortWarning(diags *diag.Diagnostics, short *paiclient.Short) {
	if short == nil {
		return
	}
	diags.AddAttributeWarning(path.Root("page_number"), "The page is smaller than asked for", fmt.Sprintf(
		"%d images to a page were asked for, and the service gave %d although it counts more. It has a limit of its own, so that pages of "+
			"the size asked for leave images out. Set page_size to no more than that limit, or leave page_number out to read every page.",
		short.Asked, short.Given))
}
