package faultmatrix

import "terraform.local/pai/terraform-provider-pai/internal/paisandbox"

// errorFormatFaults are error responses in formats that the API reference does not describe.
var errorFormatFaults = []matrixFault{
	{
		name:   "no request ID",
		effect: anywhere(paisandbox.OmitMember("RequestId").WithoutHeader("X-Acs-Request-Id")),
		once:   passes(1), always: passes(1),
	},
	notRetried("error without a request ID",
		paisandbox.Status(403, "application/json", `{"Code":"Forbidden.RAM","Message":"no"}`),
		missingPermission, "HTTP 403, code Forbidden.RAM"),
	notRetried("request ID in the header only", paisandbox.Body(403, `{"Code":"Forbidden.RAM","Message":"no"}`),
		missingPermission, "HTTP 403, code Forbidden.RAM", "request ID "),
	throttling("error in XML", paisandbox.XMLError(400, "Throttling.User", "slow down"),
		"HTTP 400, code Throttling.User", "request ID ", "slow down"),
	throttling("error with lower-case keys",
		paisandbox.Body(400, `{"code":"Throttling.User","message":"slow down","requestId":"R-1"}`),
		"HTTP 400, code Throttling.User", "slow down", "request ID R-1"),
	deniedWith404("error with a numeric code", paisandbox.Body(404,
		`{"Code":100700008,"Message":"denied","RequestId":"R-1"}`),
		"HTTP 404, code 100700008", "denied", "request ID R-1"),
	deniedWith404("denied with 404", paisandbox.APIError(404, "100700008", "denied"),
		"HTTP 404, code 100700008", "request ID ", "denied"),
	throttling("error with 200",
		paisandbox.Body(200, `{"Code":"Throttling.User","Message":"slow down","RequestId":"R-1"}`),
		"HTTP 200, code Throttling.User", "slow down", "request ID R-1"),
	notRetried("error with 200 and a count", paisandbox.Body(200,
		`{"Code":201300042,"Message":"denied","RequestId":"R-1","TotalCount":0,"UserId":"1"}`),
		apiFailed, "HTTP 200, code 201300042", "denied", "request ID R-1"),
}

// deniedWith404 returns the fault of a code with which GetWorkspace and GetDefaultWorkspace also report that there is
// no such workspace.
func deniedWith404(name string, effect paisandbox.Effect, facts ...string) matrixFault {
	fault := notRetried(name, effect, missingPermission, facts...)
	fault.exceptions = make(map[string]*matrixOutcome)
	for place, path := range map[string]string{"GetWorkspace": "workspace_id", "GetDefaultWorkspace": "default"} {
		outcome := fails(1, "Workspace not found or access denied", facts...)
		outcome.path = path
		fault.exceptions[place+"/once"], fault.exceptions[place+"/always"] = outcome, outcome
	}
	return fault
}
