package lookup_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestErrorsTeach holds the whole text of errors: what was asked, what came back, what to do.
func TestErrorsTeach(t *testing.T) {
	t.Parallel()
	const asked = "Asked for: Labels = \"system.official=true\", Order = \"ASC\", SortBy = \"GmtCreateTime\"\nAnswer: ListImages at HOST: "
	for name, test := range map[string]struct {
		answer  paisandbox.Effect
		path    string
		summary string
		detail  string
	}{
		"permission": {
			paisandbox.APIError(404, "100700008", "denied by RAM and AIWorkspace Rbac"), "", "The credentials may not look images up",
			asked + "HTTP 404, code 100700008: denied by RAM and AIWorkspace Rbac; RECOMMEND (request ID ID)\n\nGrant the RAM user or role " +
				"this policy, and for custom images a role in their workspace:\n\n " + strings.ReplaceAll(lookup.RAMPolicy, "\n", "\n "),
		},
		"credentials": {
			paisandbox.APIError(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."), "",
			"The credentials are not accepted",
			asked + "HTTP 404, code InvalidAccessKeyId.NotFound: Specified access key is not found. RECOMMEND (request ID ID)\n\nCheck that " +
				"the AccessKey id exists and is enabled, that the secret is the one of this id, without a blank or a line end, and that a " +
				"security token is given exactly where the keys are those of a session.",
		},
		"clock": {
			paisandbox.APIError(400, "InvalidTimeStamp.Expired", "expired"), "", "This machine's clock is wrong",
			asked + "HTTP 400, code InvalidTimeStamp.Expired: expired; RECOMMEND (request ID ID)\n\nA request is taken for 15 minutes from " +
				"the time that it names. Set the clock, by NTP for example.",
		},
		"parameter that is an argument": {
			paisandbox.APIError(400, "InvalidParameter.Labels", "no"), `AttributeName("official")`, "The image API refuses a parameter",
			asked + "HTTP 400, code InvalidParameter.Labels: no; RECOMMEND (request ID ID)\n\nCheck the argument that the answer names.",
		},
		"parameter with a default": {
			paisandbox.APIError(400, "InvalidParameter", "Order is unknown"), "", "The image API refuses a parameter",
			asked + "HTTP 400, code InvalidParameter: Order is unknown; RECOMMEND (request ID ID)\n\nCheck the argument that the answer names.",
		},
		"parameter that was not set": {
			paisandbox.APIError(400, "InvalidParameter", "WorkspaceId is needed"), "", "The image API refuses a parameter",
			asked + "HTTP 400, code InvalidParameter: WorkspaceId is needed; RECOMMEND (request ID ID)\n\nCheck the argument that the answer names.",
		},
		"redirect": {
			paisandbox.Redirect("https://login.example.com/x"), "", "The endpoint sends the request elsewhere",
			asked + "HTTP 302: redirects to https://login.example.com, which is not followed\n\nSigned requests are not sent to another " +
				"host. Set endpoint to the API's own host.",
		},
		"throttled": {
			paisandbox.Throttle(429, 0), "", "The image API throttles these requests",
			asked + "HTTP 429, code Throttling.User: Request was denied due to user flow control. RECOMMEND (request ID ID)\n\nIt stayed so " +
				"as often as max_retries has it tried again. Plan again later, raise the provider's max_retries, or lower its max_concurrency and Terraform's " +
				"-parallelism.",
		},
		"not the API": {
			paisandbox.Status(200, "text/html", "<html>"), "", "The answer is not one of the image API",
			asked + "HTTP 200: cannot read the response: invalid JSON at byte 0: invalid character '<' at start of value\n\nCheck endpoint, and whether " +
				"a proxy answers in the API's place.",
		},
		"broken connection": {
			paisandbox.Reset(), "", "The image API could not be reached",
			asked + "no response after 2 attempts: NETWORK\n\nCheck region and endpoint (not every region has the service), network (vpc is " +
				"only reached from inside one), HTTPS_PROXY and the certificate authorities that this machine trusts.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{})
			sandbox.AddFault(paisandbox.Fault{Do: test.answer})
			tf := newTerraform(t)
			block := providertest.SignedIn(sandbox)
			block["max_retries"] = 1
			providertest.WantNone(t, tf.Configure(block))
			diagnostic := providertest.Only(t, tf.Read(t.Context(), values{"official": true}).Diagnostics)
			// An error on an empty path is shown without a line of the configuration, one on no path with that of the block.
			if diagnostic.Summary != test.summary || diagnostic.Attribute.String() != test.path || (diagnostic.Attribute == nil) != (test.path == "") {
				t.Errorf("%s: %q", diagnostic.Attribute, diagnostic.Summary)
			}
			if diff := cmp.Diff(test.detail, providertest.Placeholders(diagnostic.Detail)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTimeoutAndCancel: the time limit of the data source ends everything, and says what it waited for.
func TestTimeoutAndCancel(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Throttle(400, time.Hour)})
	tf := reading(t, sandbox)

	begun := time.Now()
	diagnostic := providertest.Only(t, tf.Read(t.Context(), values{"timeouts": map[string]any{"read": "2s"}}).Diagnostics)
	if diagnostic.Summary != "The lookup took too long" || !strings.Contains(diagnostic.Detail, "code Throttling.User") ||
		!strings.Contains(diagnostic.Detail, `timeouts = { read = "10m" }`) {
		t.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("took %s", took)
	}

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	begun = time.Now()
	diagnostic = providertest.Only(t, tf.Read(ctx, values{}).Diagnostics)
	if diagnostic.Summary != "The lookup was cancelled" || time.Since(begun) > 1100*time.Millisecond {
		t.Errorf("%s after %s", diagnostic.Summary, time.Since(begun))
	}
}

// TestRequestTimeoutIsOfOneAttempt, and max_retries says how many follow.
func TestRequestTimeoutIsOfOneAttempt(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})
	tf := newTerraform(t)
	block := providertest.SignedIn(sandbox)
	block["max_retries"], block["request_timeout"] = 2, "500ms"
	providertest.WantNone(t, tf.Configure(block))
	diagnostic := providertest.Only(t, tf.Read(t.Context(), values{}).Diagnostics)
	if len(sandbox.Requests()) != 3 || !strings.Contains(diagnostic.Detail, "no response after 3 attempts") ||
		!strings.Contains(diagnostic.Detail, "request_timeout") {
		t.Errorf("%d requests: %s", len(sandbox.Requests()), diagnostic.Detail)
	}
}

// TestRAMPolicyIsTheExample: what an error tells to paste is what the documentation shows.
func TestRAMPolicyIsTheExample(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../examples/ram-policy.json")
	if err != nil {
		t.Fatal(err)
	}
	var example, constant any
	if err := json.Unmarshal(content, &example); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(lookup.RAMPolicy), &constant); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(constant, example); diff != "" {
		t.Error(diff)
	}
}

// TestNoCredentials: the source that was named says what is wrong with it, and nothing is sent to the API.
func TestNoCredentials(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:1/credentials")
	sandbox := providertest.Start(t, paisandbox.Options{})
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(values{"endpoint": sandbox.URL()}))
	diagnostic := providertest.Only(t, tf.Read(t.Context(), values{}).Diagnostics)
	want := "Asked for: Order = \"ASC\", SortBy = \"GmtCreateTime\"\nAnswer: no credentials: the sidecar that ALIBABA_CLOUD_CREDENTIALS_URI " +
		"names gave no credentials: dial tcp 127.0.0.1:1: connect: connection refused; check the address, and that what it leads to is " +
		"running\n\nNothing was sent to the image API."
	if diagnostic.Summary != "There are no credentials to sign in with" || diagnostic.Attribute != nil {
		t.Errorf("%s: %s", diagnostic.Attribute, diagnostic.Summary)
	}
	if diff := cmp.Diff(want, diagnostic.Detail); diff != "" {
		t.Error(diff)
	}
	if len(sandbox.Requests()) != 0 {
		t.Error("something was sent")
	}
}
