package lookup

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// errorHelp is the summary of an error, and the advice how to fix it.
type errorHelp struct{ summary, advice string }

var apiErrorHelp = map[paiclient.Kind]errorHelp{
	paiclient.KindOther: {
		summary: "PAI API returned an error",
		advice:  "If the code is unclear, contact Alibaba Cloud support with the request ID.",
	},
	paiclient.KindThrottled: {
		summary: "Requests throttled by the PAI API",
		advice: "The provider does not retry if `max_retries` is 0. Omit it in the provider block, or run the plan again " +
			"later.",
	},
	paiclient.KindTransient: {
		summary: "PAI API unavailable",
		advice: "The request still failed after `max_retries` retries. Run the plan again later. If the error persists, " +
			"check `region` and `endpoint`.",
	},
	paiclient.KindExpiredToken: {
		summary: "Expired security token",
		advice:  "Set the AccessKey ID, the secret and the security token of a new session there.",
	},
	paiclient.KindCredentials: {
		summary: "Credentials rejected by the PAI API",
		advice:  "Check the AccessKey ID and the secret, and for a session also its security token.",
	},
	paiclient.KindClock: {
		summary: "Wrong system clock",
		advice: "The service accepts a request for 15 minutes after its timestamp. Set the clock of this machine, for " +
			"example by NTP.",
	},
	paiclient.KindParameter: {
		summary: "Parameter rejected by the PAI API",
		advice:  "Set or correct the argument that sets the parameter named in the response.",
	},
	paiclient.KindNotFound: {
		summary: "Not found by the PAI API",
		advice:  "Check `region` and `endpoint`: not every region has the service.",
	},
	paiclient.KindRedirect: {
		summary: "Redirect from the PAI API endpoint",
		advice:  "Set `endpoint` to the host of the API. The provider does not send signed requests to other hosts.",
	},
}

// credentialsAdvice is the advice for errors of paiclient.KindCredentials, by the start of their lower-case code. Other
// codes have the advice in apiErrorHelp.
var credentialsAdvice = []struct{ code, advice string }{
	{"signaturedoesnotmatch", "The secret does not belong to the AccessKey ID. Set the secret of this ID."},
	{"invalidaccesskeyid.inactive", "This AccessKey is disabled. Enable it, or use another one."},
	{"invalidaccesskeyid.notfound", "No AccessKey has this ID. Correct the ID, or use another AccessKey if this one was " +
		"deleted."},
	{"missingsecuritytoken", "The AccessKey ID belongs to a session. Also set the security token of this session."},
	{"invalidsecuritytoken", "The security token does not belong to the AccessKey ID. Set the AccessKey ID, the secret " +
		"and the token of one session. If the AccessKey does not belong to a session, remove the token."},
	{"incompletesignature", "The service cannot read the signature. Check that the AccessKey ID has no extra " +
		"characters, such as quotation marks, and that no proxy changes the header `Authorization`."},
}

// sessionAdvice is the advice if the credential source issues sessions, so that the user can't correct the keys.
var sessionAdvice = map[paiclient.Kind]string{
	paiclient.KindExpiredToken: "Run the plan again to get a new session. If the error persists, check the source and " +
		"its clock.",
	paiclient.KindCredentials: "The API rejects the session that this source issued. Check the source, and check that " +
		"no proxy changes the requests.",
}

// rejectsCredentials reports whether the service rejected the credentials themselves, whatever was requested.
func rejectsCredentials(err *paiclient.APIError) bool {
	return err.Code != "" && (err.Kind == paiclient.KindCredentials || err.Kind == paiclient.KindExpiredToken)
}

// apiHelp returns the summary and the advice for an error of the API. argumentPath is the parameter of AddRequestError.
func apiHelp(err *paiclient.APIError, argumentPath func(parameter string) (path.Path, bool)) errorHelp {
	help := apiErrorHelp[err.Kind]
	retriedOrRedirect := []paiclient.Kind{paiclient.KindThrottled, paiclient.KindTransient, paiclient.KindRedirect}
	switch {
	case err.Code == "" && !slices.Contains(retriedOrRedirect, err.Kind):
		// All errors of the API have a code, so this response comes from another server.
		return unexpectedResponseHelp
	case err.Kind == paiclient.KindCredentials:
		for _, entry := range credentialsAdvice {
			if strings.HasPrefix(strings.ToLower(err.Code), entry.code) {
				help.advice = entry.advice
			}
		}
	case err.Kind == paiclient.KindPermission:
		help = errorHelp{summary: "Missing permission for " + err.Action, advice: PermissionAdvice(err.Action)}
		if err.Status == http.StatusNotFound {
			help.advice = "The API reports a missing permission as HTTP 404. " + help.advice
		}
	case err.Kind == paiclient.KindNotFound:
		if _, ok := argumentPath("WorkspaceId"); ok {
			help.advice = "Check `workspace_id`. " + help.advice
		}
	}
	return help
}

// unexpectedResponseHelp is the summary and the advice if a response does not have the format of the API.
var unexpectedResponseHelp = errorHelp{
	summary: "Unexpected response from the PAI API",
	advice: "Check `region` and `endpoint`: not every region has the service. Also check whether a proxy responds " +
		"instead of the API. If the response is the API's own, report this as a bug, with the request ID.",
}

// parameterPattern matches words that can be names of request parameters.
var parameterPattern = regexp.MustCompile(`[A-Z][A-Za-z]+`)

// rejectedArgument returns the path of the first argument whose request parameter is in the error's code or message. It
// returns the empty path if there is none. argumentPath is the parameter of AddRequestError.
func rejectedArgument(err *paiclient.APIError, argumentPath func(parameter string) (path.Path, bool)) path.Path {
	for _, parameter := range parameterPattern.FindAllString(err.Code+" "+err.Message, -1) {
		if argument, ok := argumentPath(parameter); ok {
			return argument
		}
	}
	return path.Empty()
}
