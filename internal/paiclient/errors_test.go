package paiclient_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestAPIErrors checks the kind, the code and the text of the error for each format of an error response. It also
// checks which errors are retried. Rule 5 of DESIGN.md.
func TestAPIErrors(t *testing.T) {
	t.Parallel()
	const (
		throttled   = paiclient.KindThrottled
		transient   = paiclient.KindTransient
		expired     = paiclient.KindExpiredToken
		credentials = paiclient.KindCredentials
		permission  = paiclient.KindPermission
		parameter   = paiclient.KindParameter
		redirect    = paiclient.KindRedirect
	)
	apiError, status, body := paisandbox.APIError, paisandbox.Status, paisandbox.Body
	const denial = `{"Code":"NoPermission","Recommend":"ask",` +
		`"AccessDeniedDetail":{"AuthAction":"paiimage:ListImages","PolicyType":"AccountLevelIdentityBasedPolicy"}}`
	for _, test := range []struct {
		name     string
		response paisandbox.Effect
		kind     paiclient.Kind
		code     string
		want     string // part of the text
	}{
		{"throttled, 400", apiError(400, "Throttling.User", "slow"), throttled, "Throttling.User", "slow"},
		{"throttled, 429", apiError(429, "Rejected.Throttling", "slow"), throttled, "Rejected.Throttling", "slow"},
		{"throttled, 503", apiError(503, "Throttling", ""), throttled, "Throttling", "HTTP 503"},
		{"429 without a code", status(429, "text/plain", "no"), throttled, "", `content type "text/plain"`},
		{"408", status(408, "text/plain", ""), transient, "", "HTTP 408"},
		{"503", status(503, "text/plain", ""), transient, "", "HTTP 503"},
		{"504", status(504, "text/plain", ""), transient, "", "HTTP 504"},
		{"502 of a proxy", paisandbox.ServerError(502), transient, "", `content type "text/html"`},
		{
			"too long", apiError(403, "NoPermission", strings.Repeat("long ", 20_000)),
			permission, "", "not a response of the API",
		},
		{"used nonce", apiError(400, "SignatureNonceUsed", "used"), transient, "SignatureNonceUsed", "used"},
		{"internal error", apiError(500, "InternalError", "oops"), transient, "InternalError", "oops"},
		{"unavailable, 400", apiError(400, "ServiceUnavailable", "later"), transient, "ServiceUnavailable", "later"},
		{"unknown code, 500", apiError(500, "100600001", "db"), transient, "100600001", "db"},
		{
			"expired token", apiError(400, "InvalidSecurityToken.Expired", "old"),
			expired, "InvalidSecurityToken.Expired", "old",
		},
		{
			"malformed token", apiError(400, "InvalidSecurityToken.Malformed", "no"),
			credentials, "InvalidSecurityToken.Malformed", "no",
		},
		{"missing token", apiError(418, "MissingSecurityToken", "no"), credentials, "MissingSecurityToken", "no"},
		{
			"unknown key", apiError(404, "InvalidAccessKeyId.NotFound", "who"),
			credentials, "InvalidAccessKeyId.NotFound", "who",
		},
		{"wrong signature", apiError(400, "SignatureDoesNotMatch", "no"), credentials, "SignatureDoesNotMatch", "no"},
		{
			"wrong signature, with the signed text", body(400, `{"Code":"SignatureDoesNotMatch","Message":"Not equal. `+
				`AccessKeyId is [LTAI5tExampleExample], server string to sign is [GET]","RequestId":"R-1"}`),
			credentials, "SignatureDoesNotMatch", "HTTP 400, code SignatureDoesNotMatch: Not equal. (request ID R-1)",
		},
		{
			"wrong signature, with only the signed text", body(400,
				`{"Code":"SignatureDoesNotMatch","Message":"server string to sign is GET","RequestId":"R-1"}`),
			credentials, "SignatureDoesNotMatch", "HTTP 400, code SignatureDoesNotMatch (request ID R-1)",
		},
		{"incomplete signature", apiError(418, "IncompleteSignature", "no"), credentials, "IncompleteSignature", "no"},
		{"401 without a code", status(401, "text/plain", ""), credentials, "", "HTTP 401"},
		{
			"401 of a proxy", body(401, `{"Message":"Wrong password=hunter2 of u. Log in."}`), credentials, "", "Log in.",
		},
		{
			"clock", apiError(400, "InvalidTimeStamp.Expired", "when"),
			paiclient.KindClock, "InvalidTimeStamp.Expired", "when",
		},
		{"403 without a code", status(403, "text/plain", ""), permission, "", "HTTP 403"},
		{"denied by RAM", apiError(403, "Forbidden.RAM", "no"), permission, "Forbidden.RAM", "no"},
		{"access denied", apiError(418, "AccessDenied", "no"), permission, "AccessDenied", "no"},
		{"denied, 404", apiError(404, "100700008", "rbac"), permission, "100700008", "rbac"},
		{"code is a number", body(404, `{"Code":100700008,"Message":"rbac"}`), permission, "100700008", "rbac"},
		{
			"lower-case keys", body(403, `{"code":"NoPermission","message":"no","requestId":"R-1"}`),
			permission, "NoPermission", "(request ID R-1)",
		},
		{
			"lower-case keys last", body(403, `{"Code":"Forbidden","Message":"a","code":"InvalidParameter","message":"b"}`),
			permission, "Forbidden", "code Forbidden: a",
		},
		{
			"lower-case keys first",
			body(403, `{"code":"InvalidParameter","request_id":"R-2","Code":"Forbidden","RequestId":"R-1"}`),
			permission, "Forbidden", "(request ID R-1)",
		},
		{
			"request ID in the header", body(403, "{}").WithHeader("x-acs-request-id", "R-9"),
			permission, "", "(request ID R-9)",
		},
		{
			"advice", body(403, denial),
			permission, "NoPermission", "ask; AuthAction paiimage:ListImages, PolicyType Account",
		},
		{
			"advice with a key", body(403, `{"Code":"NoPermission","Recommend":"ask LTAI5tExampleExample"}`),
			permission, "NoPermission", "ask (redacted)",
		},
		{"XML", paisandbox.XMLError(403, "Forbidden", "no & no"), permission, "Forbidden", "no & no"},
		{"XML, 200", paisandbox.XMLError(200, "Forbidden", "no"), permission, "Forbidden", "HTTP 200, code Forbidden: no"},
		{
			"throttled, 200", body(200, `{"Code":"Throttling.User","Message":"slow","TotalCount":0,"Images":[]}`),
			throttled, "Throttling.User", "slow",
		},
		{"parameter", apiError(400, "InvalidParameter.Labels", "what"), parameter, "InvalidParameter.Labels", "what"},
		{"missing parameter", apiError(418, "MissingParameter", "no"), parameter, "MissingParameter", "no"},
		{"control characters", apiError(400, "Odd", "a\x1b[31m\r\nb"), parameter, "Odd", "a [31m b"},
		{
			"no such action", apiError(404, "InvalidAction.NotFound", "what"),
			paiclient.KindNotFound, "InvalidAction.NotFound", "what",
		},
		{
			"redirect", paisandbox.Redirect("https://elsewhere.example.com/?Signature=abc"),
			redirect, "", "redirects to https://elsewhere.example.com, which is not followed",
		},
		{"redirect to an invalid URL", paisandbox.Redirect("https://%zz"), redirect, "", "redirects to another address"},
		{"unknown code", apiError(418, "Teapot", "short"), paiclient.KindOther, "Teapot", "short"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			retries := 1
			if test.kind == throttled { // would be retried without end
				retries = 0
			}
			sandbox := numberedSandbox(t, 3, paisandbox.Fault{Do: test.response})
			client := newClient(t, sandbox, func(o *paiclient.Options) { o.MaxRetries = retries })
			_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 10})
			var apiErr *paiclient.APIError
			if !errors.As(err, &apiErr) {
				t.Fatalf("got %v, want an APIError", err)
			}
			if apiErr.Kind != test.kind || apiErr.Code != test.code {
				t.Errorf("got kind %d, code %q, want %d, %q: %s", apiErr.Kind, apiErr.Code, test.kind, test.code, err)
			}
			if !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "ListImages at 127.0.0.1:") {
				t.Errorf("got %q, want %q in it", err, test.want)
			}
			wantRequests := 1
			if test.kind == transient {
				wantRequests = 2
			}
			if got := listRequests(sandbox); got != wantRequests {
				t.Errorf("got %d requests, want %d", got, wantRequests)
			}
		})
	}
}

// TestTruncatedErrorsAreRetried checks that a request is retried if the error response ends before its code. The error
// could be a temporary one.
func TestTruncatedErrorsAreRetried(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 404} {
		sandbox := numberedSandbox(t, 3,
			paisandbox.Fault{Times: 2, Do: paisandbox.Throttle(status, -1)},
			paisandbox.Fault{Times: 2, Do: paisandbox.Truncate()})
		list, err := newClient(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
		if err != nil || len(list.Images) != 3 || listRequests(sandbox) != 3 {
			t.Errorf("HTTP %d: got %v after %d requests", status, err, listRequests(sandbox))
		}
	}
}

// TestUnreadableResponses checks that an HTTP 200 response in an unexpected format causes an error, and never an empty
// list.
func TestUnreadableResponses(t *testing.T) {
	t.Parallel()
	tooLong := `{"TotalCount":1,"Images":[],"x":"` + strings.Repeat("x", 3<<20) + `"}`
	for name, test := range map[string]struct {
		response paisandbox.Effect
		want     string
		requests int
	}{
		"HTML":             {paisandbox.Status(200, "text/html", "<html>sign in</html>"), "invalid character", 1},
		"empty object":     {paisandbox.Body(200, "{}"), "without the expected fields", 1},
		"unrelated object": {paisandbox.Body(200, `{"RequestId":"R-2","data":[]}`), "request ID R-2", 1},
		"array":            {paisandbox.Body(200, "[]"), "array at the root, want object", 1},
		"wrong type":       {paisandbox.Body(200, `{"TotalCount":1,"Images":"none"}`), "string at /Images, want array", 1},
		"second value":     {paisandbox.Body(200, `{"TotalCount":0,"Images":[]}{}`), "at byte 28", 1},
		"empty body":       {paisandbox.Body(200, ""), "unexpected EOF", 3},
		"truncated":        {paisandbox.Body(200, `{"TotalCount":1,"Ima`), "unexpected EOF", 3},
		"too long":         {paisandbox.Body(200, tooLong), "exceeds 2 MiB", 4}, // with the page sizes 100, 20, 4 and 1
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := startSandbox(t, paisandbox.Options{})
			sandbox.AddFault(paisandbox.Fault{Do: test.response})
			client := newClient(t, sandbox, func(o *paiclient.Options) { o.MaxRetries = 2 })
			client.SetMaxBody(2 << 20)
			_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
			var response *paiclient.ResponseError
			if !errors.As(err, &response) || response.Status != http.StatusOK || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want a ResponseError with %q", err, test.want)
			}
			if got := listRequests(sandbox); got != test.requests {
				t.Errorf("got %d requests, want %d", got, test.requests)
			}
		})
	}
}

// TestErrorsContainNoSecrets checks the error for a wrong signature, in which the service repeats the signed text. Rule
// 4 of DESIGN.md.
func TestErrorsContainNoSecrets(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{
		AccessKeyID: "LTAI5tExampleExample", AccessKeySecret: "right", SecurityToken: "CAISexampletoken",
	})
	for _, secret := range []string{"wrong-secret-1234", "right"} {
		client := newClient(t, sandbox, func(o *paiclient.Options) {
			o.Credentials = paiclient.StaticCredentials{
				AccessKeyID: "LTAI5tExampleExample", AccessKeySecret: secret, SecurityToken: "CAIS-another/token+==",
			}
		})
		_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
		if err == nil {
			t.Fatal("no error")
		}
		for _, leak := range []string{"LTAI5tExampleExample", "wrong-secret-1234", "CAIS-another", "ACS3-HMAC-SHA256"} {
			if strings.Contains(err.Error(), leak) {
				t.Errorf("%q is in %q", leak, err)
			}
		}
	}
}

// TestTwoCodesWithStatus200 checks that a body with an error code causes an error, although it has another code, too.
func TestTwoCodesWithStatus200(t *testing.T) {
	t.Parallel()
	for _, codes := range []string{
		`"Code":"Forbidden","code":"OK"`, `"code":"OK","Code":"Forbidden"`, `"Code":"OK","code":"Forbidden"`,
	} {
		sandbox := startSandbox(t, paisandbox.Options{})
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":0,`+codes+`}`)})
		if list, err := newClient(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{}); err == nil {
			t.Errorf("%s: got %d images, want an error", codes, len(list.Images))
		}
	}
}
