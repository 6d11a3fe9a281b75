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

// count asks a running program how many images there are.
func count(t *testing.T, stdout *output) string {
	t.Helper()
	_, rest, _ := strings.Cut(stdout.String(), "AIWORKSPACE=http://")
	host, _, _ := strings.Cut(rest, "\n")
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId: dara.String(paisandbox.DefaultAccessKeyID), AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint: dara.String(host), Protocol: dara.String("http"),
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

func TestCatalogueIsReadAgain(t *testing.T) {
	t.Parallel()
	catalogue := func(n int) string {
		var b bytes.Buffer
		if err := paisandbox.WriteCatalogue(&b, paisandbox.Numbered(n)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	path := filepath.Join(t.TempDir(), "catalogue.json")
	write(t, path, catalogue(3))
	stdout, stderr, end := background(t, "-catalogue", path)
	for _, step := range []struct{ content, want, complaint string }{
		{catalogue(3), "3", ""},
		{catalogue(4), "4", "has changed: 4 images"},
		{catalogue(4), "4", ""},
		{`{"Images":`, "4", "the catalogue stays as it was: " + path + ": not a catalogue"},
		{`{"Images":`, "4", ""},
		{catalogue(4), "4", ""},
		{`{"Images":`, "4", "the catalogue stays as it was"},
		{catalogue(2), "2", "has changed: 2 images"},
		{`{"Images":[]}`, "0", "has changed: 0 images"},
	} {
		write(t, path, step.content)
		before := stderr.String()
		if got := count(t, stdout); got != step.want {
			t.Errorf("%d bytes: %s images, want %s", len(step.content), got, step.want)
		}
		said := strings.TrimPrefix(stderr.String(), before)
		if !strings.Contains(said, step.complaint) || (step.complaint == "") != (said == "") {
			t.Errorf("%d bytes: said %q, want %q", len(step.content), said, step.complaint)
		}
	}
	if code := end(); code != exitOK {
		t.Errorf("ended with %d", code)
	}
}
