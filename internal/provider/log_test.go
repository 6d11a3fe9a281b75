package provider

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// logLine maps the fields of a log line to their values.
type logLine map[string]any

// TestLog compares the log lines of lookups and their requests with testdata/log.golden, which -update writes.
func TestLog(t *testing.T) {
	t.Parallel()
	images := providertest.SmallCatalogue()
	id := images[1].ImageID.Or("")
	throttled := paisandbox.Fault{Times: 1, Do: paisandbox.Throttle(400, time.Millisecond)}
	denied := paisandbox.Fault{Do: paisandbox.APIError(403, "Forbidden.RAM", "no")}
	oddSize := paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":1,"Images":[{"ImageId":"image-1","Size":9.5}]}`)}
	var golden strings.Builder
	for _, c := range []struct {
		name       string
		dataSource string
		block      values
		faults     []paisandbox.Fault
		requests   int
	}{
		{"list, throttled once", "pai_images", values{
			"labels": map[string]any{"system.official": "true"}, "name_regex": "^pytorch",
		}, []paisandbox.Fault{throttled}, 2},
		{"list, denied", "pai_images", values{}, []paisandbox.Fault{denied}, 1},
		{"list with a size that is no integer", "pai_images", values{}, []paisandbox.Fault{oddSize}, 2},
		{"list in a region", "pai_images", values{"region": "cn-shanghai"}, nil, 1},
		{"image by image_id", "pai_image", values{"image_id": id, "official": true}, nil, 1},
		{"image by image_id, not found", "pai_image", values{"image_id": "image-none"}, nil, 1},
		{"most recent image", "pai_image", values{"official": true, "most_recent": true}, nil, 1},
		{"latest version", "pai_image", values{"official": true, "framework": "PyTorch", "latest_version": true}, nil, 1},
		{"no match", "pai_image", values{"name_regex": "none"}, nil, 1},
		{"labels", "pai_image_labels", values{
			"label_keys": []any{"system.chipType"}, "labels": map[string]any{"system.official": "true"},
		}, nil, 1},
		{"labels, denied", "pai_image_labels", values{}, []paisandbox.Fault{denied}, 1},
		{"workspaces", "pai_workspaces", values{"workspace_ids": []any{"20455", "31977"}, "name_regex": "^v"}, nil, 1},
		{"workspace by ID", "pai_workspace", values{"workspace_id": "20455"}, nil, 1},
		{"workspace by name", "pai_workspace", values{"workspace_name": "vision_lab"}, nil, 1},
		{"workspace by name, not found", "pai_workspace", values{"workspace_name": "none"}, nil, 2},
	} {
		sandbox := providertest.Start(t, paisandbox.Options{Catalogue: images})
		for _, fault := range c.faults {
			sandbox.AddFault(fault)
		}
		requests, lookups := readLogLines(t, sandbox, c.dataSource, c.block)
		if len(requests) != c.requests || len(lookups) != 1 {
			t.Fatalf("%s: %d lines about requests, want %d; %d about lookups, want 1", c.name, len(requests), c.requests,
				len(lookups))
		}
		for i, request := range sandbox.Requests() {
			if i < len(requests) && requests[i]["request_id"] != request.RequestID {
				t.Errorf("%s: request ID %v, want %s", c.name, requests[i]["request_id"], request.RequestID)
			}
		}
		fmt.Fprintf(&golden, "# %s\n\ndata %q \"this\" {\n%s}\n", c.name, c.dataSource, hclArguments(c.block, "  "))
		for _, line := range append(requests, lookups...) {
			golden.WriteString("\n" + line.String())
		}
		golden.WriteString("\n")
	}
	compareGolden(t, "log.golden", replacePlaceholders(golden.String()))
}

// String returns the level, the message and the fields, with one field per line. It omits values that differ between
// runs, or replaces them with placeholders.
func (l logLine) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", strings.ToUpper(fmt.Sprint(l["@level"])), l["@message"])
	for _, name := range slices.Sorted(maps.Keys(l)) {
		switch {
		case strings.HasPrefix(name, "@") && name != "@module", strings.HasPrefix(name, "tf_"):
		case name == "duration_ms":
			fmt.Fprintf(&b, "    %s = DURATION\n", name)
		case name == "request_id":
			fmt.Fprintf(&b, "    %s = ID\n", name)
		default:
			fmt.Fprintf(&b, "    %s = %v\n", name, l[name])
		}
	}
	return b.String()
}

// TestLogOfPages checks the log lines for a list of several pages: their number, the counts and the request parameters.
func TestLogOfPages(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(250)})
	requests, lookups := readLogLines(t, sandbox, "pai_images", values{"name_regex": "1[.]1[.]0"})
	if len(requests) != 6 || len(lookups) != 1 { // two passes over three pages
		t.Fatalf("%d lines about requests, want 6; %d about lookups, want 1", len(requests), len(lookups))
	}
	for field, want := range (logLine{"listed": 250.0, "pages": 3.0, "passes": 2.0}) {
		if got := lookups[0][field]; got != want {
			t.Errorf("%s = %v, want %v", field, got, want)
		}
	}
	if images, ok := lookups[0]["images"].(float64); !ok || images == 0 || images >= 250 {
		t.Errorf("images = %v, want the number of images that match name_regex", lookups[0]["images"])
	}
	pages := make(map[any]int)
	for _, request := range requests {
		pages[request["page"]]++
		for field, want := range (logLine{"action": "ListImages", "attempt": 1.0, "status": 200.0, "host": sandbox.Host()}) {
			if request[field] != want {
				t.Errorf("%s = %v, want %v", field, request[field], want)
			}
		}
		if milliseconds, ok := request["duration_ms"].(float64); !ok || milliseconds < 0 {
			t.Errorf("duration_ms = %v", request["duration_ms"])
		}
	}
	if !maps.Equal(pages, map[any]int{"1": 2, "2": 2, "3": 2}) {
		t.Errorf("got lines by page %v, want two of each page", pages)
	}
}

// TestLogLevelOfRequests checks that TF_LOG_PROVIDER_PAI_CLIENT sets the level only for the lines about requests.
func TestLogLevelOfRequests(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_PAI_CLIENT", "WARN")
	requests, lookups := readLogLines(t, providertest.Start(t, paisandbox.Options{}), "pai_images", values{})
	if len(requests) != 0 || len(lookups) != 1 {
		t.Errorf("%d lines about requests, want none; %d about lookups, want 1", len(requests), len(lookups))
	}
}

// TestLogOfSharedLists checks the log lines of two lookups that share a list. Both wait while an earlier lookup reads
// the same list.
func TestLogOfSharedLists(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()}) // one page
	reached, proceed := make(chan struct{}), make(chan struct{})
	sandbox.BeforeRequest(1, func(*paisandbox.Sandbox) {
		close(reached)
		<-proceed
	})
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	outputs := make([]bytes.Buffer, 3)
	var reads sync.WaitGroup
	read := func(output *bytes.Buffer) { tf.Read(tflogtest.RootLogger(t.Context(), output), values{}) }
	reads.Go(func() { read(&outputs[0]) })
	<-reached
	for i := range outputs[1:] {
		reads.Go(func() { read(&outputs[1+i]) })
	}
	time.Sleep(500 * time.Millisecond) // until both lookups wait
	close(proceed)
	reads.Wait()
	for i, want := range []any{nil, 1.0, 1.0} { // the number of other lookups
		_, lookups := decodeLogLines(t, &outputs[i])
		if len(lookups) != 1 || lookups[0]["shared_with"] != want || (lookups[0]["shared"] == true) != (want != nil) {
			t.Errorf("lookup %d: got %v, want one line with shared_with = %v", i, lookups, want)
		}
	}
	if requests := len(sandbox.Requests()); requests != 2 {
		t.Errorf("%d requests, want 2", requests)
	}
}

// readLogLines reads a data source and returns the log lines about requests and about lookups.
func readLogLines(t *testing.T, sandbox *paisandbox.Sandbox, dataSource string, block values) (requests,
	lookups []logLine,
) {
	t.Helper()
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	tf.DataSource = dataSource
	var output bytes.Buffer
	tf.Read(tflogtest.RootLogger(t.Context(), &output), block)
	return decodeLogLines(t, &output)
}

// decodeLogLines returns the log lines about requests and about lookups.
func decodeLogLines(t *testing.T, output *bytes.Buffer) (requests, lookups []logLine) {
	t.Helper()
	lines, err := tflogtest.MultilineJSONDecode(output)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		switch {
		case line["@module"] == "provider.client":
			requests = append(requests, line)
		case line["data_source"] != nil: // excludes the line that the library of timeouts writes
			lookups = append(lookups, line)
		}
	}
	return requests, lookups
}
