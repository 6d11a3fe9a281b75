package provider

import (
	"slices"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// diagnosticCases returns the cases of the golden file, in the order of the file.
func diagnosticCases() []diagnosticCase {
	return slices.Concat(providerCases(), connectionCases(), accountCases(), credentialCases(),
		invalidListCases(), invalidImageCases(), requestCases(), listCases(), noMatchCases(), selectionCases(),
		imageIDCases(), nearMissCases(), undatedCases(), labelCases(), workspacesCases(), workspaceCases())
}

// requestCases returns cases in which a request to the API fails.
func requestCases() []diagnosticCase {
	official := values{"official": true}
	failing := func(name string, response paisandbox.Effect, want string, facts ...string) diagnosticCase {
		return diagnosticCase{
			name: "request: " + name, dataSource: "pai_images", block: official,
			faults: []paisandbox.Fault{{Do: response}}, want: []string{want}, facts: facts, requests: 1,
		}
	}
	limited := func(name string, response paisandbox.Effect, facts ...string) diagnosticCase {
		c := failing(name, response, "error", facts...)
		c.provider, c.block = values{"max_retries": 1}, values{"timeouts": map[string]any{"read": "1s"}}
		return c
	}
	rejected := func(code, fact string) diagnosticCase {
		return failing("credentials rejected, "+code, paisandbox.APIError(400, code, "no"), "error", "code "+code,
			"the keys of the provider block", fact)
	}
	slow := failing("request timeout", paisandbox.Hang(), "error", "request_timeout")
	slow.provider = values{"request_timeout": "500ms"}
	cancelled := failing("cancelled", paisandbox.Hang(), "error", "cancelled after")
	cancelled.prepare = func(_ *testing.T, run *diagnosticRun) {
		run.sandbox.BeforeRequest(1, func(*paisandbox.Sandbox) { run.cancel() })
	}
	return []diagnosticCase{
		failing("throttled, without retries", paisandbox.Throttle(429, 0), "error", "HTTP 429, code Throttling.User",
			"max_retries", "official = true"),
		limited("throttled until the time limit", paisandbox.Throttle(429, -1), "HTTP 429, code Throttling.User",
			"timed out", `timeouts = { read = `, "max_concurrency"),
		limited("throttled for longer than the time limit", paisandbox.Throttle(400, time.Hour),
			"HTTP 400, code Throttling.User", "a wait of 1h0m0s", `timeouts = { read = "65m" }`),
		limited("unavailable for longer than the time limit",
			paisandbox.ServerError(503).WithHeader("Retry-After", "90"), "HTTP 503", "a wait of 1m30s",
			`timeouts = { read = "7m" }`),
		limited("read timeout", paisandbox.Hang(), "timed out", `timeouts = { read = `),
		failing("service unavailable", paisandbox.ServerError(503), "error", "HTTP 503"),
		failing("internal error", paisandbox.APIError(500, "100600001", "database"), "error", "HTTP 500, code 100600001"),
		failing("permission denied", paisandbox.APIError(404, "100700008", "denied by RAM and AIWorkspace Rbac"), "error",
			"code 100700008", `"paiimage:ListImages"`),
		failing("unknown access key", paisandbox.APIError(404, "InvalidAccessKeyId.NotFound",
			"Specified access key is not found."),
			"error", "code InvalidAccessKeyId.NotFound", "the keys of the provider block", "No AccessKey has this ID"),
		rejected("InvalidAccessKeyId.Inactive", "disabled"),
		rejected("InvalidSecurityToken.MismatchWithAccessKey", "token of one session"),
		rejected("MissingSecurityToken", "security token of this session"),
		rejected("IncompleteSignature", "`Authorization`"),
		rejected("InvalidAccessKeyOther", "security token"),
		failing("expired token", paisandbox.APIError(400, "InvalidSecurityToken.Expired", "expired"), "error",
			"code InvalidSecurityToken.Expired", "the keys of the provider block", "security token of a new session"),
		failing("wrong clock", paisandbox.APIError(400, "InvalidTimeStamp.Expired", "expired"), "error",
			"code InvalidTimeStamp.Expired", "15 minutes"),
		failing("parameter of an argument", paisandbox.APIError(400, "InvalidParameter.Labels", "no"), "error official",
			"code InvalidParameter.Labels"),
		failing("parameter with a default", paisandbox.APIError(400, "InvalidParameter", "Order is unknown"), "error",
			"Order is unknown"),
		failing("parameter of an argument that is not set", paisandbox.APIError(400, "InvalidParameter",
			"WorkspaceId is needed"),
			"error", "WorkspaceId is needed"),
		failing("action not found", paisandbox.APIError(404, "InvalidAction.NotFound", "no"), "error", "endpoint", "region"),
		failing("page of a proxy", paisandbox.Status(404, "text/html", "<html>"), "error", "HTTP 404", "text/html",
			"Unexpected response"),
		failing("bad request, refused by a proxy", paisandbox.Status(400, "text/html", "<html>"), "error", "HTTP 400",
			"Unexpected response"),
		failing("forbidden by a proxy", paisandbox.Status(403, "text/html", "<html>"), "error", "HTTP 403",
			"Unexpected response"),
		failing("unknown error", paisandbox.APIError(418, "Teapot", "short"), "error", "HTTP 418, code Teapot"),
		failing("redirect", paisandbox.Redirect("https://login.example.com/x"), "error", "HTTP 302",
			"https://login.example.com"),
		failing("HTML", paisandbox.Status(200, "text/html", "<html>"), "error", "HTTP 200", "endpoint"),
		failing("JSON of another API", paisandbox.Body(200, `{"RequestId":"R-1","data":[]}`), "error", "request ID R-1"),
		failing("wrong type", paisandbox.SetMember("none", "Images"), "error", "string at /Images", "array"),
		failing("response too long", paisandbox.PadBody(65), "error", "16 MiB", "page size is 1"),
		failing("too many images", paisandbox.SetMember(make([]struct{}, 1001), "Images"), "error", "1000 items"),
		failing("list too long", paisandbox.EndlessPages(500), "error", "100000", "official = true"),
		failing("connection reset", paisandbox.Reset(), "error", "Run the plan again", "connection reset"),
		failing("incomplete response", paisandbox.Truncate(), "error", "unexpected EOF"),
		slow, cancelled,
	}
}

// listCases returns cases of warnings about the listed images, and of errors that pai_images returns without a request.
func listCases() []diagnosticCase {
	numbered := paisandbox.Numbered(120)
	list := func(name string, effect paisandbox.Effect, block values, want string, facts ...string) diagnosticCase {
		return diagnosticCase{
			name: "pai_images: " + name, dataSource: "pai_images", block: block, catalogue: numbered,
			faults: []paisandbox.Fault{{Do: effect}}, want: []string{want}, facts: facts, requests: 1,
		}
	}
	empty := func(name string, block values, want []string, facts ...string) diagnosticCase {
		return diagnosticCase{
			name: "pai_images: " + name, dataSource: "pai_images", block: block, want: want, facts: facts, requests: 1,
		}
	}
	return []diagnosticCase{
		empty("unknown framework", values{"official": true, "framework": "PyTroch"}, []string{"warning framework"},
			`"PyTorch"`),
		empty("unknown labels", values{
			"workspace_id": "20455", "labels": map[string]any{"team": "b"}, "supported_by": []any{"dlc", "eas"},
		}, []string{`warning labels["team"]`, "warning supported_by", "warning supported_by"}, "in this workspace", `"a"`),
		empty("label in another case", values{"chip_type": "gpu"}, []string{"warning chip_type"}, `chip_type = "GPU"`),
		empty("name of a workspace as workspace_id", values{"workspace_id": "vision_lab", "official": true},
			[]string{"warning workspace_id"}, "`pai_workspace`"),
		list("wrong count", paisandbox.TotalCount(130), values{}, "warning", "130", "120", "all pages 4 times"),
		list("rejected page size", paisandbox.APIError(400, "InvalidParameter", "PageSize is too large"),
			values{"page_size": 7, "order": "DESC"}, "error page_size", "page_size = 7", `order = "DESC"`),
		list("no count", paisandbox.OmitMember("TotalCount"), values{}, "warning", "120"),
		list("count of each page", paisandbox.CountPage(), values{"page_size": 50}, "warning", "50", "120",
			"all pages 2 times"),
		list("page shorter than counted", paisandbox.TotalCount(190), values{"page_number": 2}, "warning page_number",
			"190", "90", "20"),
		list("page longer than counted", paisandbox.TotalCount(110), values{"page_number": 2}, "warning page_number",
			"110", "10", "20"),
		{
			name: "pai_images: ignored label filters", dataSource: "pai_images", catalogue: providertest.SmallCatalogue(),
			block:  values{"official": true, "chip_type": "CPU", "framework": "PyTorch"},
			faults: []paisandbox.Fault{{Do: paisandbox.IgnoreLabels()}}, want: []string{"warning"}, requests: 1,
			facts: []string{"dropped 7 images", "`official = true`", "`chip_type = \"CPU\"`", "`framework = \"PyTorch\"`"},
		},
		{name: "pai_images: provider not configured", dataSource: "pai_images", unconfigured: true, want: []string{"error"}},
		{
			name: "pai_images: unknown argument of the provider", dataSource: "pai_images",
			provider: values{"region": unknown{}},
			want:     []string{"error"}, facts: []string{"region", "-target"},
		},
		{
			name: "pai_images: unknown arguments of the provider", dataSource: "pai_images",
			provider: values{
				"access_key": unknown{}, "secret_key": unknown{},
				"assume_role": map[string]any{"role_arn": unknown{}},
			},
			want: []string{"error"}, facts: []string{"`access_key`, `assume_role.role_arn`, `secret_key`"},
		},
	}
}
