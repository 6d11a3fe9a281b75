package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// totalCount sends a ListImages request to the running program and returns the TotalCount of the response.
func totalCount(t *testing.T, stdout *output) string {
	t.Helper()
	host := strings.TrimPrefix(exportedValue(t, stdout, "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE"), "http://")
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(host), Protocol: dara.String("http"),
	})
	if err != nil {
		t.Fatal(err)
	}
	result, err := client.CallApi(&openapi.Params{
		Action: dara.String("ListImages"), Version: dara.String("2021-02-04"), Pathname: dara.String("/api/v1/images"),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"), BodyType: dara.String("json"),
	}, &openapi.OpenApiRequest{}, &dara.RuntimeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return dara.Stringify(result["body"].(map[string]any)["TotalCount"])
}

// catalogueJSON returns a catalogue file with n images.
func catalogueJSON(t *testing.T, n int) string {
	t.Helper()
	var b bytes.Buffer
	if err := paisandbox.WriteCatalogue(&b, paisandbox.Numbered(n)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestCatalogueFileIsReloaded(t *testing.T) {
	t.Parallel()
	three, four, two := catalogueJSON(t, 3), catalogueJSON(t, 4), catalogueJSON(t, 2)
	const invalid = `{"Images":`
	path := filepath.Join(t.TempDir(), "catalogue.json")
	writeFile(t, path, three)
	stdout, stderr, stop := startProgram(t, "-catalogue", path)
	for step, tt := range []struct{ content, want, stderr string }{
		{three, "3", ""},
		{four, "4", "reloaded " + path + ": 4 images"},
		{four, "4", ""},
		{invalid, "4", path + ": not a catalogue: unexpected EOF"},
		{invalid, "4", ""}, // the same error is not printed again
		{four, "4", ""},
		{invalid, "4", path + ": not a catalogue: unexpected EOF"}, // printed again, because the file was valid in between
		{two, "2", "reloaded " + path + ": 2 images"},
		{`{"Images":[]}`, "0", "reloaded " + path + ": 0 images"},
	} {
		writeFile(t, path, tt.content)
		before := stderr.String()
		if got := totalCount(t, stdout); got != tt.want {
			t.Errorf("step %d: got %s images, want %s", step, got, tt.want)
		}
		printed := strings.TrimPrefix(stderr.String(), before)
		if !strings.Contains(printed, tt.stderr) || (tt.stderr == "") != (printed == "") {
			t.Errorf("step %d: got %q on stderr, want %q", step, printed, tt.stderr)
		}
	}
	if code := stop(); code != exitOK {
		t.Errorf("got exit code %d, want %d", code, exitOK)
	}
}
