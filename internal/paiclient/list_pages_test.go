package paiclient_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestListImagesCountOfPage checks lists of a service that limits the page size and counts the images of each page.
// Page 1 then looks like a whole list. The list must be complete after two passes, with a warning because of the count.
func TestListImagesCountOfPage(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{50, 100} {
		sandbox := numberedSandbox(t, imageCount,
			paisandbox.Fault{Do: paisandbox.ClampPageSize(limit)}, paisandbox.Fault{Do: paisandbox.CountPage()})
		client := newClient(t, sandbox)
		for range 2 { // the second list must not rely on the first
			list := listImages(t, client, paiclient.ListImagesInput{Verbose: true})
			if diff := cmp.Diff(ascendingIDs(sandbox.Images()), imageIDs(list)); diff != "" {
				t.Errorf("limit %d: %s", limit, diff)
			}
			want := &paiclient.Incomplete{Passes: 2, TotalCount: new(int64(limit)), Listed: imageCount, CountsPages: true}
			if diff := cmp.Diff(want, list.Incomplete); diff != "" {
				t.Errorf("limit %d: %s", limit, diff)
			}
			checkLabels(t, list)
		}
	}
}

// TestListImagesCountOfPageWhileImagesChange checks that two passes must have the same images if the service counts the
// images of each page.
func TestListImagesCountOfPageWhileImagesChange(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount, paisandbox.Fault{Do: paisandbox.CountPage()})
	sandbox.BeforeRequest(8, func(s *paisandbox.Sandbox) { // the first pass has six requests, because page 6 is empty
		s.Remove(ascendingIDs(s.Images())[imageCount-1])
	})
	list := listImages(t, newClient(t, sandbox, sequential), paiclient.ListImagesInput{})
	if list.Passes != 3 || len(list.Images) != imageCount-1 || list.Incomplete == nil || !list.Incomplete.CountsPages {
		t.Errorf("got %d images after %d passes, incomplete: %+v", len(list.Images), list.Passes, list.Incomplete)
	}
}

// TestListImagesLooksAtPage2 checks when the client requests page 2 although page 1 has all images that the API counts.
func TestListImagesLooksAtPage2(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		images         int
		before, size   int // length and page size of an earlier list; 0 if there is none
		isCountOfPages bool
		requests       int
	}{
		"multiple of ten":               {images: 30, requests: 2},
		"multiple of ten, page counted": {images: 30, isCountOfPages: true, requests: 2},
		"other number":                  {images: 29, requests: 1},
		"no images":                     {images: 0, requests: 1},
		"longer page before":            {images: 30, before: 31, size: 40, isCountOfPages: true, requests: 1},
		"page of this length before":    {images: 30, before: 30, size: 40, isCountOfPages: true, requests: 2},
		"count above its page before":   {images: 30, before: 23, size: 20, requests: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := numberedSandbox(t, test.before)
			if test.isCountOfPages {
				sandbox.AddFault(paisandbox.Fault{Do: paisandbox.CountPage()})
			}
			client := newClient(t, sandbox)
			if test.before > 0 {
				listImages(t, client, paiclient.ListImagesInput{PageSize: test.size})
			}
			sandbox.SetImages(paisandbox.Numbered(test.images))
			sandbox.TakeRequests()
			list := listImages(t, client, paiclient.ListImagesInput{})
			if got := listRequests(sandbox); got != test.requests {
				t.Errorf("got %d requests, want %d", got, test.requests)
			}
			if len(list.Images) != test.images || *list.TotalCount != int64(test.images) || list.Incomplete != nil {
				t.Errorf("got %d images of %d, incomplete: %+v", len(list.Images), *list.TotalCount, list.Incomplete)
			}
		})
	}
}

// TestListImagesReadsSmallerPages checks that the client reads smaller pages if a body is too long. The limit allows
// four images on a page, but not 20. One test also has an image with a long description.
func TestListImagesReadsSmallerPages(t *testing.T) {
	t.Parallel()
	const length, maxBody = 58, 8 << 10
	catalogue := paisandbox.Numbered(length)
	catalogue[length-1].Description = paisandbox.Value(strings.Repeat("long ", maxBody/5*2/3))
	for _, in := range []paiclient.ListImagesInput{{}, {PageSize: 15}, {PageNumber: 2, PageSize: 30}} {
		in.Verbose = true
		sandbox := startSandbox(t, paisandbox.Options{Catalogue: catalogue})
		client := newClient(t, sandbox)
		client.SetMaxBody(maxBody)
		list := listImages(t, client, in)
		want := length
		if in.PageNumber > 0 {
			want -= in.PageSize
		}
		if len(list.Images) != want || *list.TotalCount != length || list.Incomplete != nil || list.PageMismatch != nil {
			t.Errorf("%+v: got %d images, %+v, %+v", in, len(list.Images), list.Incomplete, list.PageMismatch)
		}
		checkLabels(t, list)
	}
}

// TestListImagesReportsLongImage checks that a list fails if an image is too long for the client.
func TestListImagesReportsLongImage(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, 30)
	client := newClient(t, sandbox)
	client.SetMaxBody(100)
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	var got *paiclient.ResponseError
	if !errors.As(err, &got) {
		t.Errorf("got %v, want a ResponseError", err)
	}
	var sizes []string
	for _, request := range sandbox.Requests() {
		sizes = append(sizes, request.Query.Get("PageSize"))
	}
	if diff := cmp.Diff([]string{"100", "20", "4", "1"}, sizes); diff != "" {
		t.Error(diff)
	}
}

// TestListImagesLimitsLength checks that a list fails if the pages never end.
func TestListImagesLimitsLength(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]string{"count": `"TotalCount":1000000000,`, "no count": ""} {
		transport := &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
			ids := make([]string, 100)
			for k := range ids {
				ids[k] = fmt.Sprintf(`{"ImageId":"image-%d"}`, 100*number+k)
			}
			return cannedResponse(http.StatusOK, fmt.Sprintf(`{%s"Images":[%s]}`, count, strings.Join(ids, ",")))
		}}
		_, err := newFakeClient(t, transport).ListImages(t.Context(), paiclient.ListImagesInput{})
		var got *paiclient.ListTooLargeError
		if !errors.As(err, &got) || !strings.Contains(err.Error(), "100000") {
			t.Errorf("%s: got %v, want a ListTooLargeError", name, err)
		}
		if requests := len(transport.requests); requests > 1001+paiclient.DefaultMaxConcurrency {
			t.Errorf("%s: got %d requests", name, requests)
		}
	}
}

// TestListImagesPrefersOneRow checks lists that contain an image twice, in every order of the rows and of the pages.
// The list must always have the row with the later modification time. If the times are equal, it must always have the
// same row.
func TestListImagesPrefersOneRow(t *testing.T) {
	t.Parallel()
	const early, late = "2026-01-01T12:00:00+08:00", "2026-01-01T05:00:00Z" // 04:00 and 05:00 in UTC
	row := func(name, modified string) string {
		return fmt.Sprintf(`{"ImageId":"image-1","Name":%q,"GmtModifiedTime":%q}`, name, modified)
	}
	for name, rows := range map[string][2]string{
		"different times": {row("b", early), row("a", late)},
		"equal times":     {row("a", late), row("b", late)},
		"no times":        {`{"ImageId":"image-1","Size":1}`, `{"ImageId":"image-1"}`},
	} {
		others := []string{`{"ImageId":"image-2"}`, `{"ImageId":"image-3"}`}
		var previous *paiclient.ImageList
		for _, order := range [][]string{
			{rows[0], rows[1], others[0], others[1]},
			{rows[1], rows[0], others[0], others[1]},
			{rows[0], others[0], rows[1], others[1]},
			{rows[1], others[0], rows[0], others[1]},
		} {
			transport := &fakeTransport{respond: func(_ int, request *http.Request) *http.Response {
				page := map[string][]string{"1": order[:2], "2": order[2:]}[request.URL.Query().Get("PageNumber")]
				return cannedResponse(http.StatusOK, fmt.Sprintf(`{"TotalCount":3,"Images":[%s]}`, strings.Join(page, ",")))
			}}
			list := listImages(t, newFakeClient(t, transport), paiclient.ListImagesInput{PageSize: 2})
			if len(list.Images) != 3 || list.Incomplete != nil {
				t.Fatalf("%s: got %d images, incomplete: %+v", name, len(list.Images), list.Incomplete)
			}
			if got := list.Images[0]; name == "different times" && *got.Name != "a" {
				t.Errorf("%s: got the earlier row %q", name, *got.Name)
			}
			if previous != nil && !cmp.Equal(previous.Images, list.Images) {
				t.Errorf("%s: another row:\n%s", name, cmp.Diff(previous.Images, list.Images))
			}
			previous = list
		}
	}
}

// TestListImagesWithoutIDs checks that images without an ID, or with an empty one, are distinct.
func TestListImagesWithoutIDs(t *testing.T) {
	t.Parallel()
	const body = `{"TotalCount":3,"Images":[{"Name":"a"},{"ImageId":"","Name":"b"},{"ImageId":"","Name":"c"}]}`
	transport := &fakeTransport{respond: func(int, *http.Request) *http.Response {
		return cannedResponse(http.StatusOK, body)
	}}
	list := listImages(t, newFakeClient(t, transport), paiclient.ListImagesInput{})
	if len(list.Images) != 3 || list.Incomplete != nil {
		t.Errorf("got %d images, want 3, incomplete: %+v", len(list.Images), list.Incomplete)
	}
}

// TestListImagesCountOfRows checks that a count that includes a repeated image is wrong.
func TestListImagesCountOfRows(t *testing.T) {
	t.Parallel()
	const body = `{"TotalCount":3,"Images":[{"ImageId":"image-1"},{"ImageId":"image-2"},{"ImageId":"image-1"}]}`
	transport := &fakeTransport{respond: func(int, *http.Request) *http.Response {
		return cannedResponse(http.StatusOK, body)
	}}
	list := listImages(t, newFakeClient(t, transport), paiclient.ListImagesInput{})
	if len(list.Images) != 2 || list.Incomplete == nil {
		t.Errorf("got %d images, want 2, incomplete: %+v", len(list.Images), list.Incomplete)
	}
}
