package signin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const metadataPath = "/latest/meta-data/ram/security-credentials/"

// TestInstance takes turns at the one address of the metadata, so its cases don't run side by side.
func TestInstance(t *testing.T) {
	const secrets = `"AccessKeyId": "x", "AccessKeySecret": "hidden", "SecurityToken": "hidden"`
	own := []string{"PUT /latest/api/token", "GET " + metadataPath, "PUT /latest/api/token", "GET " + metadataPath + "attached"}
	tests := []struct {
		name      string
		variables []string
		answer    string
		status    int
		asked     []string
		err       []string
	}{
		{
			name: "own role", answer: session("x", time.Hour), status: http.StatusOK, asked: own,
		},
		{
			name: "own role, IMDSv1 disabled", variables: []string{"ALIBABA_CLOUD_IMDSV1_DISABLED=true"},
			answer: session("x", time.Hour), status: http.StatusOK, asked: own,
		},
		{
			name: "named role", variables: []string{"ALIBABA_CLOUD_ECS_METADATA=named\n", "ALICLOUD_ECS_ROLE_NAME=other"},
			answer: session("x", time.Hour), status: http.StatusOK, asked: []string{"PUT /latest/api/token", "GET " + metadataPath + "named"},
		},
		{
			name: "named role in the other family", variables: []string{"ALICLOUD_ECS_ROLE_NAME=named"},
			answer: session("x", time.Hour), status: http.StatusOK, asked: []string{"PUT /latest/api/token", "GET " + metadataPath + "named"},
		},
		{
			name: "wrong role", variables: []string{"ALIBABA_CLOUD_ECS_METADATA=named"}, answer: "hidden", status: http.StatusNotFound,
			err: []string{"the ECS instance's role named", "ALIBABA_CLOUD_ECS_METADATA", "HTTP 404", "is attached to it"},
		},
		// The library takes all fields for granted.
		{name: "no code", answer: "{" + secrets + "}", status: http.StatusOK, err: []string{"its answer was incomplete"}},
		{name: "no expiration", answer: `{"Code": "Success", ` + secrets + "}", status: http.StatusOK, err: []string{"its answer was incomplete"}},
		{name: "no keys", answer: `{"Code": "Success"}`, status: http.StatusOK, err: []string{"fail to get credentials"}},
		{name: "another code", answer: `{"Code": "Failed", ` + secrets + "}", status: http.StatusOK, err: []string{"Code is not Success"}},
		{name: "a portal's page", answer: "<html>hidden", status: http.StatusOK, err: []string{"refresh Ecs sts token err"}},
		{name: "disabled", variables: []string{metadataDisabled + "=TRUE"}, err: []string{metadataDisabled}, asked: []string{}},
		{
			name: "disabled, named role", variables: []string{metadataDisabled + "=true", "ALIBABA_CLOUD_ECS_METADATA=named"},
			err: []string{metadataDisabled}, asked: []string{},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			asked := []string{}
			answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.Method+" "+r.URL.Path)
				switch {
				case r.Method == http.MethodPut:
					_, _ = fmt.Fprint(w, "metadata-token")
				case r.URL.Path == metadataPath:
					_, _ = fmt.Fprintln(w, "attached")
				default:
					w.WriteHeader(test.status)
					_, _ = fmt.Fprint(w, test.answer)
				}
			})
			metadata.Store(&answer)
			t.Cleanup(func() { metadata.Store(nil) })
			t.Setenv("ALIBABA_CLOUD_ECS_METADATA", "") // where it is set, an unnamed role is refused

			got, err := signIn(t, around(t, test.variables...))
			if test.err != nil {
				checkError(t, err, test.err...)
			} else if err != nil || got != sessionOf("x") {
				t.Errorf("signed in as %v (%v)", got, err)
			}
			if diff := cmp.Diff(test.asked, asked); test.asked != nil && diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOutsideTheCloud has nothing set, and nobody at the metadata's address who answers.
func TestOutsideTheCloud(t *testing.T) { //nolint:paralleltest // it needs the metadata's address for itself
	surroundings := around(t)
	begun := time.Now()
	_, err := signIn(t, surroundings)
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	checkError(t, err, "the ECS instance that this runs on", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
		"ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_ECS_METADATA",
		surroundings.Home, "Set access_key and secret_key", "aliyun configure")
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has several lines: %q", err)
	}
}
