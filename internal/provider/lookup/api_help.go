package lookup

import (
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// ramPolicy is the least that an identity must be allowed. The same text is in the documentation's example.
const ramPolicy = `{
  "Version": "1",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["paiimage:ListImages", "paiimage:GetImage"],
      "Resource": "*"
    }
  ]
}`

// apiHelp is what each kind of API error is called, and what to do about it.
var apiHelp = map[paiclient.Kind]struct{ summary, advice string }{
	paiclient.KindOther: {
		"The image API answered with an error",
		"If the code says nothing to you, the vendor's support finds the request by its request id.",
	},
	paiclient.KindThrottled: {
		"The image API throttles these requests",
		"It stayed so as often as max_retries has it tried again. Plan again later, raise the provider's max_retries, or lower its max_concurrency and Terraform's " +
			"-parallelism.",
	},
	paiclient.KindTransient: {
		"The image API is in trouble",
		"It stayed so as often as max_retries has it tried again. Plan again later; if it stays, check that endpoint and region name the image API.",
	},
	paiclient.KindExpiredToken: {
		"The security token has expired",
		"Fetch a new session and set access_key, secret_key and security_token, or their environment variables, anew. Where the provider fetches " +
			"sessions itself, it has done so, and was given one that is over: check the source and its clock.",
	},
	paiclient.KindCredentials: {
		"The credentials are not accepted",
		"Check that the AccessKey id exists and is enabled, that the secret is the one of this id, without a blank or a line end, and that " +
			"a security token is given exactly where the keys are those of a session.",
	},
	paiclient.KindClock: {
		"This machine's clock is wrong",
		"A request is taken for 15 minutes from the time that it names. Set the clock, by NTP for example.",
	},
	paiclient.KindPermission: {
		"The credentials may not look images up",
		"Grant the RAM user or role this policy, and for custom images a role in their workspace:\n\n" + indent(ramPolicy),
	},
	paiclient.KindParameter: {
		"The image API refuses a parameter",
		"Check the argument that the answer names.",
	},
	paiclient.KindNotFound: {
		"The image API did not find what was asked for",
		"Check workspace_id, and region and endpoint: not every region has the service.",
	},
	paiclient.KindRedirect: {
		"The endpoint sends the request elsewhere",
		"Signed requests are not sent to another host. Set endpoint to the API's own host.",
	},
}

// parameterArguments names the arguments behind each parameter of the request.
var parameterArguments = map[string][]string{
	"Name": {"name"}, "Query": {"query"}, "ImageUri": {"image_uri"}, "WorkspaceId": {"workspace_id"}, "ImageId": {"image_id"}, "Accessibility": {"accessibility"},
	"Labels": {"labels", "framework", "chip_type", "supported_by", "official"},
	"SortBy": {"sort_by"}, "Order": {"order"}, "PageSize": {"page_size"}, "PageNumber": {"page_number"}, "Verbose": {"verbose"},
}

// parameterWord finds what may be a parameter's name.
var parameterWord = regexp.MustCompile(`[A-Z][A-Za-z]+`)

// parameterPath is the path of the argument that a refused parameter stands for, empty where the answer names none that
// the user has set.
func parameterPath(err *paiclient.APIError, set func(argument string) bool) path.Path {
	if err.Kind != paiclient.KindParameter {
		return path.Empty()
	}
	for _, word := range parameterWord.FindAllString(err.Code+" "+err.Message, -1) {
		for _, argument := range parameterArguments[word] {
			if set(argument) {
				return path.Root(argument)
			}
		}
	}
	return path.Empty()
}

// indent sets every line off by a space: Terraform's own wrapping leaves such lines alone.
func indent(text string) string {
	return " " + strings.ReplaceAll(text, "\n", "\n ")
}
