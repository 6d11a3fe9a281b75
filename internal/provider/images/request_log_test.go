package images_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestLog: one line for each lookup at INFO, and one for each request at DEBUG, with what a person needs to follow it.
func TestLog(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(250)})
	sandbox.AddFault(paisandbox.Fault{Times: 1, Do: paisandbox.Throttle(400, 0)})
	requests, lookups := logged(t, sandbox, "pai_images", values{"labels": map[string]any{"system.official": "true"}, "name_regex": "^numbered"})

	if len(lookups) != 1 {
		t.Fatalf("%d lines for one lookup", len(lookups))
	}
	want := line{
		"@level": "info", "@message": "Looked images up", "data_source": "pai_images", "images": 250.0, "listed": 250.0, "pages": 3.0, "passes": 2.0,
		"asked": `labels = { "system.official" = "true" }, name_regex = "^numbered"`,
	}
	if diff := cmp.Diff(want, lookups[0].only(want)); diff != "" {
		t.Error(diff)
	}

	if seen := sandbox.Requests(); len(requests) != 7 || len(seen) != 7 { // two for the first page, two, three again
		t.Fatalf("%d lines for %d requests", len(requests), len(seen))
	}
	for i, want := range []line{
		{
			"@level": "debug", "@message": "Request failed", "action": "ListImages", "attempt": 1.0, "page": "1", "status": 400.0,
			"code": "Throttling.User", "host": strings.TrimPrefix(sandbox.URL(), "http://"), "request_id": sandbox.Requests()[0].RequestID,
			"parameters": "Labels=system.official=true Order=ASC PageNumber=1 PageSize=100 SortBy=GmtCreateTime Verbose=true",
		},
		{"@level": "debug", "@message": "Request answered", "attempt": 2.0, "page": "1", "status": 200.0, "request_id": sandbox.Requests()[1].RequestID},
	} {
		if diff := cmp.Diff(want, requests[i].only(want)); diff != "" {
			t.Errorf("request %d: %s", i+1, diff)
		}
		if _, is := requests[i]["duration_ms"].(float64); !is {
			t.Errorf("request %d: no duration in %v", i+1, requests[i])
		}
	}
}

func TestLogOfASingleImage(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(3)})
	id := sandbox.Images()[0].ImageID.Or("")
	chosen := func(n int) string {
		return sandbox.Images()[n].ImageID.Or("") + ", " + sandbox.Images()[n].ImageURI.Or("")
	}
	for _, test := range []struct {
		block values
		want  line
	}{
		{values{"image_id": id, "official": true}, line{
			"asked": `image_id = "` + id + `", official = true`, "images": 1.0, "chosen": chosen(0), "@message": "Looked images up",
		}},
		{values{"name_regex": "^n", "most_recent": true}, line{
			"asked": `name_regex = "^n", most_recent = true`, "images": 3.0, "chosen": chosen(0), "listed": 3.0, "pages": 1.0, "passes": 1.0,
		}},
		{values{"official": true, "latest_version": true}, line{"asked": "official = true, latest_version = true"}},
		{values{"name": "none"}, line{"asked": `name = "none"`, "images": 0.0, "@message": "A lookup failed"}},
		{values{"image_id": "image-none"}, line{"asked": `image_id = "image-none"`, "images": 0.0, "@message": "A lookup failed"}},
	} {
		requests, lookups := logged(t, sandbox, "pai_image", test.block)
		if len(lookups) != 1 || len(requests) == 0 {
			t.Fatalf("%d lines for one lookup, %d for its requests", len(lookups), len(requests))
		}
		if diff := cmp.Diff(test.want, lookups[0].only(test.want)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestLogOfAFailure: a list that can't be had has its line, too, and a request says which image it is about.
func TestLogOfAFailure(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.APIError(403, "Forbidden.RAM", "no")})
	_, lookups := logged(t, sandbox, "pai_images", values{})
	if len(lookups) != 1 || lookups[0]["@message"] != "A lookup failed" {
		t.Errorf("%v", lookups)
	}
	requests, _ := logged(t, sandbox, "pai_image", values{"image_id": "image-1"})
	if len(requests) != 1 || requests[0]["path"] != "/api/v1/images/image-1" {
		t.Errorf("%v", requests)
	}
}

// TestLogHasALevelOfItsOwn for requests.
func TestLogHasALevelOfItsOwn(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_PAI_CLIENT", "WARN")
	requests, lookups := logged(t, providertest.Start(t, paisandbox.Options{}), "pai_images", values{})
	if len(requests) != 0 || len(lookups) != 1 {
		t.Errorf("%d lines for requests, %d for lookups", len(requests), len(lookups))
	}
}

// line is one line of the log.
type line map[string]any

// only is the line without what isn't compared.
func (l line) only(with line) line {
	only := line{}
	for name := range with {
		if value, there := l[name]; there {
			only[name] = value
		}
	}
	return only
}

// logged reads a data source, and gives the lines that tell of requests and of lookups.
func logged(t *testing.T, sandbox *paisandbox.Sandbox, lookup string, block values) (requests, lookups []line) {
	t.Helper()
	tf := reading(t, sandbox)
	tf.DataSource = lookup
	var output bytes.Buffer
	tf.Read(tflogtest.RootLogger(t.Context(), &output), block)
	lines, err := tflogtest.MultilineJSONDecode(&output)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range lines {
		switch {
		case entry["@module"] == "provider.client":
			requests = append(requests, entry)
		case entry["data_source"] != nil: // the library for time limits has a line of its own
			lookups = append(lookups, entry)
		}
	}
	return requests, lookups
}
