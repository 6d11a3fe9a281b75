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

// counts returns the numbers of images and workspaces that the running program lists.
func counts(t *testing.T, stdout *output) string {
	t.Helper()
	return totalCount(t, stdout, "ListImages", "/api/v1/images") + " " +
		totalCount(t, stdout, "ListWorkspaces", "/api/v1/workspaces")
}

// totalCount sends a request to the running program and returns the TotalCount of the response.
func totalCount(t *testing.T, stdout *output, action, path string) string {
	t.Helper()
	host := strings.TrimPrefix(exportedURL(t, stdout), "http://")
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(host), Protocol: dara.String("http"),
	})
	if err != nil {
		t.Fatal(err)
	}
	result, err := client.CallApi(&openapi.Params{
		Action: dara.String(action), Version: dara.String("2021-02-04"), Pathname: dara.String(path),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"), BodyType: dara.String("json"),
	}, &openapi.OpenApiRequest{}, &dara.RuntimeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return dara.Stringify(result["body"].(map[string]any)["TotalCount"])
}

// catalogueJSON returns a catalogue file with n images and n+10 workspaces.
func catalogueJSON(t *testing.T, n int) string {
	t.Helper()
	var b bytes.Buffer
	err := paisandbox.WriteCatalogue(&b, paisandbox.CatalogueFile{
		Images: paisandbox.Numbered(n), Workspaces: paisandbox.NumberedWorkspaces(n + 10),
	})
	if err != nil {
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
		{three, "3 13", ""},
		{four, "4 14", "reloaded " + path + ": 4 images, 14 workspaces"},
		{four, "4 14", ""},
		{invalid, "4 14", path + ": not a catalogue: unexpected EOF"},
		{invalid, "4 14", ""}, // the same error is not printed again
		{four, "4 14", ""},
		{invalid, "4 14", path + ": not a catalogue: unexpected EOF"}, // printed again, because the file was valid in between
		{two, "2 12", "reloaded " + path + ": 2 images, 12 workspaces"},
		{`{"Images":[]}`, "0 7", "reloaded " + path + ": 0 images, 7 workspaces"}, // without workspaces, the built-in ones
	} {
		writeFile(t, path, tt.content)
		before := stderr.String()
		if got := counts(t, stdout); got != tt.want {
			t.Errorf("step %d: got %s images and workspaces, want %s", step, got, tt.want)
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
