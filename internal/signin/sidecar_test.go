package signin

import (
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

func TestSidecarOfEnvironment(t *testing.T) {
	t.Parallel()
	s := startSandbox(t)
	uri := startSidecar(t, s, time.Hour).URL()
	for _, variable := range Variables("credentials_uri") {
		got, err := fetch(t, Configuration{}, newEnv(t, variable+"="+uri+"\n"))
		checkLastSession(t, got, err, s, identity.BySidecar)
	}
}

func TestSidecarErrors(t *testing.T) {
	t.Parallel()
	secrets := `"AccessKeySecret": "hidden", "SecurityToken": "hidden"`
	for name, test := range map[string]struct {
		do   paisandbox.Effect
		want []string
	}{
		"error in JSON": {
			paisandbox.Body(403, `{"Code": "NoPermission", "RequestId": "3A-5B", `+secrets+`}`),
			[]string{"HTTP 403", "code NoPermission", "request ID 3A-5B"},
		},
		"error in text":       {paisandbox.Body(500, "key=hidden"), []string{"HTTP 500"}},
		"error in HTML":       {paisandbox.Body(502, "<p>hidden"), []string{"HTTP 502"}},
		"error without text":  {paisandbox.Body(502, ""), []string{"HTTP 502"}},
		"redirect":            {paisandbox.Redirect("http://127.0.0.1:1/?hidden"), []string{"redirect (HTTP 302)"}},
		"text":                {paisandbox.Body(200, "hidden"), []string{"invalid JSON at byte 1"}},
		"odd expiration":      {paisandbox.SetMember("hidden", "Expiration"), []string{"no valid Expiration"}},
		"long response":       {paisandbox.PadBody(1), []string{"longer than 64 KiB"}},
		"compressed response": {paisandbox.GzipBomb(64), []string{"longer than 64 KiB"}},
		"truncated response":  {paisandbox.Truncate(), []string{"unexpected EOF"}},
		"connection reset":    {paisandbox.Reset(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sidecar := startSidecar(t, startSandbox(t), time.Hour)
			sidecar.AddFault(paisandbox.Fault{Do: test.do})
			uri := strings.Replace(sidecar.URL(), "://", "://me:hidden-password@", 1) + "/?token=hidden-token"
			_, err := fetch(t, Configuration{}, newEnv(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+uri))
			checkError(t, err, append(test.want, "the sidecar set by ALIBABA_CLOUD_CREDENTIALS_URI", "check the address")...)
		})
	}
	for uri, want := range map[string]string{
		"http://127.0.0.1:1/?token=hidden":      "connection refused",
		"http://me:hidden%zz@127.0.0.1":         "not a URL",
		"http://127.0.0.1:hidden/":              "not a URL",
		"127.0.0.1/hidden":                      "http://",
		"http://sidecar.example.com/?t=hidden":  "a test tried to reach sidecar.example.com",
		"https://sidecar.example.com/?t=hidden": "a test tried to reach sidecar.example.com",
	} {
		_, err := fetch(t, Configuration{}, newEnv(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+uri))
		checkError(t, err, want, "ALIBABA_CLOUD_CREDENTIALS_URI")
	}
}
