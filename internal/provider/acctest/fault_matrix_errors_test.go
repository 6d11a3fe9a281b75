package acctest

import "terraform.local/pai/terraform-provider-pai/internal/paisandbox"

// errorFaults are errors in words that the reference doesn't have.
var errorFaults = []matrixFault{
	{
		name: "request id missing", do: everywhere(paisandbox.OmitMember("RequestId").WithoutHeader("X-Acs-Request-Id")),
		once: passes(1), always: passes(1),
	},
	{
		name:   "request id missing from an error",
		do:     everywhere(paisandbox.Status(403, "application/json", `{"Code":"Forbidden.RAM","Message":"no"}`)),
		once:   fails(1, endNotAllowed, "HTTP 403, code Forbidden.RAM: no"),
		always: fails(1, endNotAllowed, "HTTP 403, code Forbidden.RAM: no"),
	},
	{
		name: "request id in the header alone", do: everywhere(paisandbox.Body(403, `{"Code":"Forbidden.RAM","Message":"no"}`)),
		once:   fails(1, endNotAllowed, "HTTP 403, code Forbidden.RAM: ", "request ID "),
		always: fails(1, endNotAllowed, "HTTP 403, code Forbidden.RAM: ", "request ID "),
	},
	{
		name: "error as XML", do: everywhere(paisandbox.XMLError(400, "Throttling.User", "slow down")),
		once: passes(2), always: fails(3, endThrottled, "HTTP 400, code Throttling.User: ", "request ID ", "slow down"),
	},
	{
		name: "error with lower-case keys",
		do:   everywhere(paisandbox.Body(400, `{"code":"Throttling.User","message":"slow down","requestId":"R-1"}`)),
		once: passes(2), always: fails(3, endThrottled, "HTTP 400, code Throttling.User: slow down", "request ID R-1"),
	},
	{
		name:   "error with a numeric code",
		do:     everywhere(paisandbox.Body(404, `{"Code":100700008,"Message":"denied","RequestId":"R-1"}`)),
		once:   fails(1, endNotAllowed, "HTTP 404, code 100700008: denied", "request ID R-1"),
		always: fails(1, endNotAllowed, "HTTP 404, code 100700008: denied", "request ID R-1"),
	},
	{
		name: "denied as 404", do: everywhere(paisandbox.APIError(404, "100700008", "denied")),
		once:   fails(1, endNotAllowed, "HTTP 404, code 100700008: ", "request ID ", "denied"),
		always: fails(1, endNotAllowed, "HTTP 404, code 100700008: ", "request ID ", "denied"),
	},
	{
		name: "error as a success", do: everywhere(paisandbox.Body(200, `{"Code":"Throttling.User","Message":"slow down","RequestId":"R-1"}`)), decoded: true,
		once: passes(2), always: fails(3, endThrottled, "HTTP 200, code Throttling.User: slow down", "request ID R-1"),
	},
}
