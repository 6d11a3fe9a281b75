package signin

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSidecar(t *testing.T) {
	t.Parallel()
	address := serve(t, http.StatusOK, session("sidecar", time.Hour))
	for _, variable := range Environment("credentials_uri") {
		if got, err := signIn(t, around(t, variable+"="+address+"\n")); err != nil || got != sessionOf("sidecar") {
			t.Errorf("%s: signed in as %v (%v)", variable, got, err)
		}
	}
}

func TestSidecarFails(t *testing.T) {
	t.Parallel()
	secrets := `"AccessKeySecret": "hidden", "SecurityToken": "hidden"`
	tests := map[string]struct {
		status int
		body   string
		want   []string
	}{
		"error in JSON":      {http.StatusForbidden, `{"Code": "NoPermission", "RequestId": "3A-5B", ` + secrets + `}`, []string{"code NoPermission", "request id 3A-5B"}},
		"error in text":      {http.StatusInternalServerError, "key=hidden", []string{"left out"}},
		"error in HTML":      {http.StatusBadGateway, "<p>hidden", []string{"left out"}},
		"error without text": {http.StatusBadGateway, "", []string{"get credentials"}},
		"text":               {http.StatusOK, "hidden", []string{"get credentials"}},
		"missing fields":     {http.StatusOK, `{"AccessKeyId": "x", ` + secrets + `}`, []string{"left out"}},
		"null":               {http.StatusOK, "null", nil},
		"empty keys":         {http.StatusOK, `{"AccessKeyId": "", "AccessKeySecret": "", "SecurityToken": "hidden", "Expiration": "2099-01-02T15:04:05Z"}`, []string{"no key"}},
		"odd expiration":     {http.StatusOK, `{"AccessKeyId": "x", ` + secrets + `, "Expiration": "hidden"}`, []string{"no readable Expiration"}},
		"cut off":            {http.StatusOK, `{"AccessKeyId": "x", ` + secrets, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := serve(t, test.status, test.body)
			address = strings.Replace(address, "://", "://me:hidden-password@", 1) + "/?token=hidden-token"
			_, err := signIn(t, around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+address))
			checkError(t, err, append(test.want, "the sidecar that ALIBABA_CLOUD_CREDENTIALS_URI names gave no credentials", "check the address")...)
		})
	}
	for address, want := range map[string]string{
		"http://127.0.0.1:1/?token=hidden":      "connection refused",
		"http://me:hidden%zz@127.0.0.1":         "no URL",
		"http://127.0.0.1:hidden/":              "no URL",
		"127.0.0.1/hidden":                      "begins with http://",
		"http://sidecar.example.com/?t=hidden":  "a test wanted to ask",
		"https://sidecar.example.com/?t=hidden": "a test wanted to ask",
	} {
		_, err := signIn(t, around(t, "ALIBABA_CLOUD_CREDENTIALS_URI="+address))
		checkError(t, err, want)
	}
}
