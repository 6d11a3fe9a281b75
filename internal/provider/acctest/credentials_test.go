package acctest

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

const readerRole = "acs:ram::1234567890123456:role/reader"

// Arguments of the provider block. TOKEN is a placeholder for the path of the token's file, and SIDECAR for the
// sidecar's URL.
const (
	assumeReader = `
assume_role {
  role_arn     = "` + readerRole + `"
  session_name = "nightly"
}
`
	assumeReaderWithOIDC = `
assume_role_with_oidc {
  oidc_provider_arn = "` + oidcProvider + `"
  role_arn          = "` + readerRole + `"
  oidc_token_file   = "TOKEN"
}
`
	sidecarArgument = `credentials_uri = "SIDECAR"`
	keyArguments    = `
access_key = "` + keyID + `"
secret_key = "` + keySecret + `"
`
)

// newCredentialsDir returns a working directory with a lookup, and with the arguments in the provider block. It writes
// a valid OIDC token to a file, and replaces TOKEN with the file's path.
func newCredentialsDir(t *testing.T, c *cloud, arguments string) *workingDir {
	t.Helper()
	arguments = strings.NewReplacer("TOKEN", writeOIDCToken(t, c), "SIDECAR", c.sidecar.URL()).Replace(arguments)
	return c.newWorkingDir(t, "\nprovider \"pai\" {\n  region = \"cn-hangzhou\"\n"+arguments+"\n}\n"+allImagesConfig)
}

// TestAccSessionExpiresDuringListing expires the session between the first and the second page. It checks that the
// provider gets a new session and that the list is complete.
func TestAccSessionExpiresDuringListing(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, arguments := range map[string]string{
		"assumed role":          assumeReader,
		"OIDC":                  assumeReaderWithOIDC,
		"assumed role, by OIDC": assumeReader + assumeReaderWithOIDC,
		"sidecar":               sidecarArgument,
		"ECS role":              `ecs_role_name = "terraform-plan"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 250)
			dir := newCredentialsDir(t, c, arguments)
			dir.env = slices.Concat(c.env, keyVariables())
			c.BeforeRequest(2, func(s *paisandbox.Sandbox) { s.ExpireSessions() })
			wantOutput(t, dir.plan(2), "+ count = 250")
			refused, tokens := 0, make(map[string]bool)
			for _, request := range c.Requests() {
				tokens[request.Header.Get("x-acs-security-token")] = true
				if request.Status != 200 {
					refused++
				}
			}
			if refused == 0 || len(tokens) != 2 {
				t.Errorf("%d requests were refused and %d tokens were used, want at least 1 and 2", refused, len(tokens))
			}
		})
	}
}

// TestAccLookupsShareSession checks that eleven data sources use the same session.
func TestAccLookupsShareSession(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	dir := newCredentialsDir(t, c, assumeReader)
	dir.write("more.tf", "data \"pai_images\" \"more\" {\ncount = 10\nquery = count.index\n}\n") // different requests
	dir.env = slices.Concat(c.env, keyVariables())
	dir.plan(2)
	if got := len(c.sts.Requests()); got != 1 {
		t.Errorf("STS received %d requests, want 1", got)
	}
	if got := len(c.Requests()); got < 11 {
		t.Errorf("the API received %d requests, want at least 11", got)
	}
}

// TestAccRetrySTS checks that the provider retries a request to STS after a server error.
func TestAccRetrySTS(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	c.sts.AddFault(paisandbox.Fault{Times: 2, Do: paisandbox.APIError(503, "ServiceUnavailable", "later")})
	dir := newCredentialsDir(t, c, assumeReader)
	dir.env = slices.Concat(c.env, keyVariables())
	dir.plan(2)
	if got := len(c.sts.Requests()); got != 3 {
		t.Errorf("STS received %d requests, want 3", got)
	}
}

// TestAccCredentialErrors checks the error of each credential source that fails (design rule 5). The API must receive
// no request. The output, including trace logs, must contain no secret, even if a response does (design rule 4).
func TestAccCredentialErrors(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	const (
		secret = "a/very+secret=Key123" // in a profile or the provider block
		leaked = "x/leaked+in=Answer456"

		notFound, notIssued = "Cannot find credentials", "Cannot get credentials"

		// A key that STS rejects.
		unknownKey = "access_key = \"id\"\nsecret_key = \"" + secret + "\"\n"
	)
	// repeatSecrets returns an error response that has the code and contains secrets.
	repeatSecrets := func(status int, code string) paisandbox.Fault {
		return paisandbox.Fault{Do: paisandbox.Body(status, `{"RequestId":"5A1B-77","HostId":"h","Code":"`+code+`",`+
			`"Message":"string to sign is GET&`+leaked+`",`+
			`"Credentials":{"AccessKeySecret":"`+leaked+`","SecurityToken":"`+leaked+`"}}`)}
	}
	stsResponse := func(status int, code string) func(*testing.T, *cloud) {
		return func(_ *testing.T, c *cloud) { c.sts.AddFault(repeatSecrets(status, code)) }
	}
	cliFile := func(content string) func(*testing.T, *cloud) {
		return func(t *testing.T, c *cloud) {
			t.Helper()
			c.write(t, ".aliyun/config.json", content)
		}
	}
	for name, test := range map[string]struct {
		arguments string
		prepare   func(*testing.T, *cloud)
		summary   string
		facts     []string
	}{
		"role refused by STS": {
			keyArguments + assumeReader, stsResponse(403, "NoPermission"),
			notIssued,
			[]string{readerRole, "nightly", "NoPermission", "5A1B-77"},
		},
		"key unknown to STS": {
			unknownKey + assumeReader, nil,
			notIssued,
			[]string{readerRole, "InvalidAccessKeyId.NotFound"},
		},
		"incomplete session from STS": {
			keyArguments + assumeReader, stsResponse(200, ""),
			notIssued,
			[]string{readerRole},
		},
		"STS not reachable": {
			keyArguments + assumeReader + "\nmax_retries = 0", func(_ *testing.T, c *cloud) { _ = c.sts.Close() },
			notIssued,
			[]string{readerRole, "HTTPS_PROXY"},
		},
		"OIDC token refused by STS": {
			assumeReaderWithOIDC, stsResponse(400, "AuthenticationFail.OIDCToken.Expired"),
			notIssued,
			[]string{readerRole, "AuthenticationFail.OIDCToken.Expired"},
		},
		"missing file of the OIDC token": {
			strings.ReplaceAll(assumeReaderWithOIDC, "TOKEN", "/nowhere/token"), nil,
			notIssued,
			[]string{"/nowhere/token"},
		},
		"error of the sidecar": {
			sidecarArgument, func(_ *testing.T, c *cloud) { c.sidecar.AddFault(repeatSecrets(500, "Oops")) },
			notIssued,
			[]string{"credentials_uri"},
		},
		"unknown role of the instance": {`ecs_role_name = "other"`, nil, notIssued, []string{"other"}},
		"invalid JSON in the CLI's file": {
			`profile = "dev"`, cliFile(`{"profiles":[{"name":"dev","mode":"AK","access_key_secret":"` + secret + `"`),
			notFound,
			[]string{"config.json", "aliyun configure"},
		},
		"missing profile": {
			`profile = "prod"`,
			cliFile(`{"profiles":[{"name":"dev","mode":"AK","access_key_id":"id","access_key_secret":"` + secret + `"}]}`),
			notFound,
			[]string{"prod", "dev"},
		},
		"profile without a secret": {
			`profile = "dev"`,
			cliFile(`{"profiles":[{"name":"dev","mode":"StsToken","access_key_id":"id","sts_token":"` + secret + `"}]}`),
			notFound,
			[]string{"access_key_secret"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			if test.prepare != nil {
				test.prepare(t, c)
			}
			dir := newCredentialsDir(t, c, test.arguments)
			dir.env = slices.Concat(c.env, providertest.Decoys(nil), leakEnvironment)
			output := dir.plan(1, "-out="+filepath.Join(dir.path, "plan"))
			_, message, _ := strings.Cut(output, "Error: ")
			message = strings.Join(strings.Fields(message), " ") // removes the CLI's line breaks
			if !strings.HasPrefix(message, test.summary) {
				t.Errorf("summary is not %q: %s", test.summary, message)
			}
			wantOutput(t, message, test.facts...)
			token := strings.TrimSpace(readFile(t, filepath.Join(c.home, "token")))
			// The CLI shows the line of the configuration that an error is about.
			output = strings.ReplaceAll(output, `secret_key = "`+secret+`"`, "")
			wantNoSecrets(t, "output", output, secret, leaked, token, "very+secret", "leaked+in", keySecret)
			if got := len(c.Requests()); got != 0 {
				t.Errorf("the API received %d requests, want 0", got)
			}
		})
	}
}

// TestAccMetadataDisabled checks that ALIBABA_CLOUD_ECS_METADATA_DISABLED prevents requests to the instance metadata.
func TestAccMetadataDisabled(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	for name, arguments := range map[string]string{"no source": "", "ECS role": `ecs_role_name = "terraform-plan"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := startCloud(t, 3)
			dir := newCredentialsDir(t, c, arguments)
			dir.env = slices.Concat(c.env, []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED=True"})
			wantOutput(t, dir.plan(1), "ALIBABA_CLOUD_ECS_METADATA_DISABLED")
			for _, request := range c.proxy.Requests() {
				t.Errorf("unexpected request to %s", request.Host)
			}
			if got := len(c.metadata.Requests()); got != 0 {
				t.Errorf("the instance metadata received %d requests, want 0", got)
			}
		})
	}
}

// TestAccNoCredentialSource plans without any credential source, while the instance metadata doesn't respond. It checks
// that the metadata receives at most two requests, and that the error lists the variables and files that were searched.
func TestAccNoCredentialSource(t *testing.T) {
	t.Parallel()
	needsCLI(t)
	c := startCloud(t, 3)
	c.metadata.AddFault(paisandbox.Fault{Do: paisandbox.Hang()})
	dir := newCredentialsDir(t, c, "")
	begin := time.Now()
	message := strings.Join(strings.Fields(dir.plan(1)), " ") // removes the CLI's line breaks
	t.Logf("the plan took %s", time.Since(begin))
	wantOutput(t, message, "ALIBABA_CLOUD_ACCESS_KEY_ID", ".aliyun/config.json", "do not exist", "aliyun configure")
	if got := len(c.metadata.Requests()); got > 2 {
		t.Errorf("the instance metadata received %d requests, want at most 2", got)
	}
	if got := len(c.Requests()); got != 0 {
		t.Errorf("the API received %d requests, want 0", got)
	}
}
