package paiclient_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestErrors shows each form in which an error comes, and what is made of it.
func TestErrors(t *testing.T) {
	t.Parallel()
	jsonBody := paisandbox.Body
	cases := map[string]struct {
		answer  paisandbox.Effect
		kind    paiclient.Kind
		code    string
		says    string // part of the text
		retried bool
	}{
		"throttled with 400":        {paisandbox.APIError(400, "Throttling.User", "slow"), paiclient.KindThrottled, "Throttling.User", "slow", true},
		"throttled with 429":        {paisandbox.APIError(429, "Rejected.Throttling", "slow"), paiclient.KindThrottled, "Rejected.Throttling", "slow", true},
		"408":                       {paisandbox.Status(408, "text/plain", ""), paiclient.KindTransient, "", "HTTP 408", true},
		"503":                       {paisandbox.Status(503, "text/plain", ""), paiclient.KindTransient, "", "HTTP 503", true},
		"504":                       {paisandbox.Status(504, "text/plain", ""), paiclient.KindTransient, "", "HTTP 504", true},
		"401 without a code":        {paisandbox.Status(401, "text/plain", ""), paiclient.KindCredentials, "", "HTTP 401", false},
		"403 without a code":        {paisandbox.Status(403, "text/plain", ""), paiclient.KindPermission, "", "HTTP 403", false},
		"incomplete signature":      {paisandbox.APIError(418, "IncompleteSignature", "no"), paiclient.KindCredentials, "IncompleteSignature", "no", false},
		"no token":                  {paisandbox.APIError(418, "MissingSecurityToken", "no"), paiclient.KindCredentials, "MissingSecurityToken", "no", false},
		"access denied":             {paisandbox.APIError(418, "AccessDenied", "no"), paiclient.KindPermission, "AccessDenied", "no", false},
		"a parameter missing":       {paisandbox.APIError(418, "MissingParameter", "no"), paiclient.KindParameter, "MissingParameter", "no", false},
		"id only in the header":     {paisandbox.Body(403, "{}").WithHeader("x-acs-request-id", "R-9"), paiclient.KindPermission, "", "request ID R-9", false},
		"advice with a key in it":   {jsonBody(403, `{"Code":"NoPermission","Recommend":"ask LTAI5tExampleExample"}`), paiclient.KindPermission, "NoPermission", "ask (redacted)", false},
		"an error with no images":   {jsonBody(200, `{"Code":"Forbidden.RAM","Message":"no","TotalCount":0,"Images":[]}`), paiclient.KindPermission, "Forbidden.RAM", "no", false},
		"429 without a code":        {paisandbox.Status(429, "text/plain", "no"), paiclient.KindThrottled, "", `content type "text/plain"`, true},
		"used nonce":                {paisandbox.APIError(400, "SignatureNonceUsed", "used"), paiclient.KindTransient, "SignatureNonceUsed", "used", true},
		"internal error":            {paisandbox.APIError(500, "InternalError", "oops"), paiclient.KindTransient, "InternalError", "oops", true},
		"unavailable with 400":      {paisandbox.APIError(400, "ServiceUnavailable", "later"), paiclient.KindTransient, "ServiceUnavailable", "later", true},
		"a proxy's page":            {paisandbox.ServerError(502), paiclient.KindTransient, "", `content type "text/html"`, true},
		"an own code with 500":      {paisandbox.APIError(500, "100600001", "db"), paiclient.KindTransient, "100600001", "db", true},
		"unknown key":               {paisandbox.APIError(404, "InvalidAccessKeyId.NotFound", "who"), paiclient.KindCredentials, "InvalidAccessKeyId.NotFound", "who", false},
		"wrong signature":           {paisandbox.APIError(400, "SignatureDoesNotMatch", "no"), paiclient.KindCredentials, "SignatureDoesNotMatch", "no", false},
		"malformed token":           {paisandbox.APIError(400, "InvalidSecurityToken.Malformed", "no"), paiclient.KindCredentials, "InvalidSecurityToken.Malformed", "no", false},
		"expired token, static":     {paisandbox.APIError(400, "InvalidSecurityToken.Expired", "old"), paiclient.KindExpiredToken, "InvalidSecurityToken.Expired", "old", false},
		"clock":                     {paisandbox.APIError(400, "InvalidTimeStamp.Expired", "when"), paiclient.KindClock, "InvalidTimeStamp.Expired", "when", false},
		"denied by RAM":             {paisandbox.APIError(403, "Forbidden.RAM", "no"), paiclient.KindPermission, "Forbidden.RAM", "no", false},
		"denied as 404":             {paisandbox.APIError(404, "100700008", "rbac"), paiclient.KindPermission, "100700008", "rbac", false},
		"denied, code as a number":  {jsonBody(404, `{"Code":100700008,"Message":"rbac"}`), paiclient.KindPermission, "100700008", "rbac", false},
		"lower-case keys":           {jsonBody(403, `{"code":"NoPermission","message":"no","requestId":"R-1"}`), paiclient.KindPermission, "NoPermission", "request ID R-1", false},
		"advice":                    {jsonBody(403, `{"Code":"NoPermission","Recommend":"ask","AccessDeniedDetail":{"AuthAction":"paiimage:ListImages","PolicyType":"AccountLevelIdentityBasedPolicy"}}`), paiclient.KindPermission, "NoPermission", "ask; AuthAction paiimage:ListImages, PolicyType Account", false},
		"XML":                       {paisandbox.XMLError(403, "Forbidden", "no & no"), paiclient.KindPermission, "Forbidden", "no & no", false},
		"parameter":                 {paisandbox.APIError(400, "InvalidParameter.Labels", "what"), paiclient.KindParameter, "InvalidParameter.Labels", "what", false},
		"no such thing":             {paisandbox.APIError(404, "InvalidAction.NotFound", "what"), paiclient.KindNotFound, "InvalidAction.NotFound", "what", false},
		"a redirect":                {paisandbox.Redirect("https://elsewhere.example.com/?Signature=abc"), paiclient.KindRedirect, "", "redirects to https://elsewhere.example.com, which is not followed", false},
		"a redirect to nowhere":     {paisandbox.Redirect("https://%zz"), paiclient.KindRedirect, "", "redirects to another address, which is not followed", false},
		"an error with HTTP 200":    {jsonBody(200, `{"Code":"Forbidden.RAM","Message":"no"}`), paiclient.KindPermission, "Forbidden.RAM", "HTTP 200, code Forbidden.RAM", false},
		"control characters":        {paisandbox.APIError(400, "Odd", "a\x1b[31m\r\nb"), paiclient.KindParameter, "Odd", "a [31m b", false},
		"something nobody foresaw":  {paisandbox.APIError(418, "Teapot", "short"), paiclient.KindOther, "Teapot", "short", false},
		"throttling told by nobody": {paisandbox.APIError(503, "Throttling", ""), paiclient.KindThrottled, "Throttling", "HTTP 503", true},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(3)})
			sandbox.AddFault(paisandbox.Fault{Do: test.answer})
			client := connect(t, sandbox, func(o *paiclient.Options) { o.MaxRetries = 1 })
			_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 10})
			var api *paiclient.APIError
			if !errors.As(err, &api) {
				t.Fatalf("no APIError: %v", err)
			}
			if api.Kind != test.kind || api.Code != test.code {
				t.Errorf("kind %d, code %q: %s", api.Kind, api.Code, err)
			}
			if !strings.Contains(err.Error(), test.says) || !strings.HasPrefix(err.Error(), "ListImages at 127.0.0.1:") {
				t.Errorf("got %q, want it to say %q", err, test.says)
			}
			if retried := pagesAsked(sandbox) == 2; retried != test.retried {
				t.Errorf("%d requests", pagesAsked(sandbox))
			}
		})
	}
}

// TestErrorsCutOff: an error that breaks off before it says what is wrong may be anything, so it is asked for again.
func TestErrorsCutOff(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 403, 404} {
		sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(3)})
		sandbox.AddFault(paisandbox.Fault{Times: 2, Do: paisandbox.Throttle(status, -1)})
		sandbox.AddFault(paisandbox.Fault{Times: 2, Do: paisandbox.Truncate()})
		listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
		if err != nil || len(listing.Images) != 3 || pagesAsked(sandbox) != 3 {
			t.Errorf("%d: %v after %d requests", status, err, pagesAsked(sandbox))
		}
	}
}

// TestUnreadableAnswers: a success that isn't the API's is an error, never an empty list.
func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		answer paisandbox.Effect
		says   string
		asked  int
	}{
		"HTML":             {paisandbox.Status(200, "text/html", "<html>sign in</html>"), "invalid character", 1},
		"an empty object":  {paisandbox.Body(200, "{}"), "without the expected fields", 1},
		"another object":   {paisandbox.Body(200, `{"RequestId":"R-2","data":[]}`), "request ID R-2", 1},
		"a list":           {paisandbox.Body(200, "[]"), "JSON array at the root", 1},
		"a wrong type":     {paisandbox.Body(200, `{"TotalCount":1,"Images":[{"Size":"big"}]}`), "JSON string at /Images/0/Size", 1},
		"something behind": {paisandbox.Body(200, `{"TotalCount":0,"Images":[]}{}`), "at byte 28", 1},
		"nothing":          {paisandbox.Body(200, ""), "unexpected EOF", 3},
		"half a text":      {paisandbox.Body(200, `{"TotalCount":1,"Ima`), "unexpected EOF", 3},
		"longer than ever": {paisandbox.Body(200, `{"TotalCount":1,"Images":[],"x":"`+strings.Repeat("x", 3<<20)+`"}`), "exceeds 2 MiB", 1},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{})
			sandbox.AddFault(paisandbox.Fault{Do: test.answer})
			client := connect(t, sandbox, func(o *paiclient.Options) { o.MaxRetries = 2 })
			client.LimitBody(2 << 20)
			_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
			var unreadable *paiclient.ResponseError
			if !errors.As(err, &unreadable) || unreadable.Status != http.StatusOK || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
			if asked := pagesAsked(sandbox); asked != test.asked {
				t.Errorf("%d requests instead of %d", asked, test.asked)
			}
		})
	}
}

// TestErrorsHoldNoSecrets looks at the error that repeats what was signed.
func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{AccessKeyID: "LTAI5tExampleExample", AccessKeySecret: "right", SecurityToken: "CAISexampletoken"})
	for _, secret := range []string{"wrong-secret-1234", "right"} {
		client := connect(t, sandbox, func(o *paiclient.Options) {
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
