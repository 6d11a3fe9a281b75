package paiclient_test

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestListImagesRecovers checks that a list is complete after temporary faults, and with a service that returns only
// half of each page.
func TestListImagesRecovers(t *testing.T) {
	t.Parallel()
	onPage := paisandbox.OnPage
	for name, fault := range map[string]paisandbox.Fault{
		"short first page":        {Match: onPage(1), Times: 1, Do: paisandbox.ShortPage(3)},
		"first page of one image": {Match: onPage(1), Times: 1, Do: paisandbox.ShortPage(99)},
		"short middle page":       {Match: onPage(3), Times: 1, Do: paisandbox.ShortPage(3)},
		"empty middle page":       {Match: onPage(3), Times: 1, Do: paisandbox.EmptyPage()},
		"empty first page":        {Match: onPage(1), Times: 1, Do: paisandbox.EmptyPage()},
		"repeated page":           {Match: onPage(4), Times: 1, Do: paisandbox.RepeatPage()},
		"count too high once":     {Match: onPage(2), Times: 1, Do: paisandbox.TotalCount(900)},
		"count too low once":      {Match: onPage(2), Times: 1, Do: paisandbox.TotalCount(3)},
		"count of page 1 too low": {Match: onPage(1), Times: 1, Do: paisandbox.TotalCount(150)},
		// Each page has only the first 50 of 100 images. The client finds all images only with a page size of 50.
		"half pages":            {Match: paisandbox.OnQuery("PageSize", "100"), Do: paisandbox.ShortPage(50)},
		"ties in varying order": {Times: 2, Do: paisandbox.ShuffleTies()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := numberedSandbox(t, imageCount, fault)
			list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{Verbose: true})
			if diff := cmp.Diff(ascendingIDs(sandbox.Images()), imageIDs(list)); diff != "" {
				t.Error(diff)
			}
			if list.Incomplete != nil {
				t.Errorf("incomplete: %+v", list.Incomplete)
			}
			checkLabels(t, list)
		})
	}
}

// TestListImagesReportsIncompleteList checks the result if a fault is permanent: after four passes, ListImages returns
// an incomplete list with both numbers.
func TestListImagesReportsIncompleteList(t *testing.T) {
	t.Parallel()
	onPage, firstPages, count := paisandbox.OnPage, onPages(1, 2, 3, 4), paisandbox.TotalCount
	for name, test := range map[string]struct {
		fault       paisandbox.Fault
		listed      int
		total       int64
		maxRequests int
	}{
		"count too high by one": {paisandbox.Fault{Do: count(imageCount + 1)}, imageCount, imageCount + 1, 24},
		"count too low":         {paisandbox.Fault{Do: count(430)}, imageCount, 430, 24},
		// Each pass reads five pages, ten pages without new images, and the pages whose requests are then in progress.
		"count out of range":   {paisandbox.Fault{Do: count(1 << 50)}, imageCount, 1 << 50, 100},
		"page always empty":    {paisandbox.Fault{Match: onPage(3), Do: paisandbox.EmptyPage()}, 337, imageCount, 40},
		"page always repeated": {paisandbox.Fault{Match: onPage(3), Do: paisandbox.RepeatPage()}, 337, imageCount, 40},
		"all pages empty":      {paisandbox.Fault{Do: paisandbox.EmptyPage()}, 0, imageCount, 80},
		"last pages empty":     {paisandbox.Fault{Match: onPages(3, 4, 5), Do: paisandbox.EmptyPage()}, 200, imageCount, 40},
		"count of zero":        {paisandbox.Fault{Do: count(0)}, imageCount, 0, 24},
		"count of one page":    {paisandbox.Fault{Match: firstPages, Do: count(100)}, imageCount, imageCount, 24},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := numberedSandbox(t, imageCount, test.fault)
			list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{Verbose: true})
			want := &paiclient.Incomplete{Passes: 4, TotalCount: &test.total, Listed: test.listed}
			if diff := cmp.Diff(want, list.Incomplete); diff != "" {
				t.Error(diff)
			}
			if len(list.Images) != test.listed {
				t.Errorf("got %d images, want %d", len(list.Images), test.listed)
			}
			checkLabels(t, list)
			if got := listRequests(sandbox); got > test.maxRequests {
				t.Errorf("got %d requests, want at most %d", got, test.maxRequests)
			}
		})
	}
}

func onPages(numbers ...int) func(paisandbox.Request) bool {
	return func(r paisandbox.Request) bool {
		return slices.ContainsFunc(numbers, func(n int) bool { return r.Query.Get("PageNumber") == strconv.Itoa(n) })
	}
}

// TestListImagesChecksCountsOfBothPasses checks that two passes with the same images don't agree if the second pass
// reports a wrong count.
func TestListImagesChecksCountsOfBothPasses(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount, paisandbox.Fault{
		Match: paisandbox.OnPage(2), Skip: 1, Times: 1, Do: paisandbox.TotalCount(imageCount + 1),
	})
	list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{})
	if list.Incomplete != nil || len(list.Images) != imageCount || listRequests(sandbox) < 20 {
		t.Errorf("got %d images with %d requests, incomplete: %+v", len(list.Images), listRequests(sandbox), list.Incomplete)
	}
}

// TestListImagesContinuesAfterEmptyPages checks that ListImages finds the images after several empty pages.
func TestListImagesContinuesAfterEmptyPages(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount, paisandbox.Fault{Match: onPages(3, 4, 5, 6, 7), Do: paisandbox.EmptyPage()})
	list := listImages(t, newClient(t, sandbox, sequential), paiclient.ListImagesInput{PageSize: 7})
	if len(list.Images) != imageCount-5*7 || list.Incomplete == nil {
		t.Errorf("got %d images, want %d, incomplete: %+v", len(list.Images), imageCount-5*7, list.Incomplete)
	}
}

// TestListImagesEndsOnEqualPages checks that ListImages ends if the service returns the same page for every page
// number.
func TestListImagesEndsOnEqualPages(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	body := `{"TotalCount":1000000000,"Images":[{"ImageId":"a"}` + strings.Repeat(`,{"ImageId":"b"}`, 99) + `]}`
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, body)})
	list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{})
	// Each pass starts with 8 requests. The page that arrives first has the new images, and its number can be up to 8.
	// Ten pages after this page end the pass, while up to 8 requests are in progress.
	const maxRequests = 4 * (8 + 10 + 8 + 1)
	if len(list.Images) != 2 || list.Incomplete == nil || listRequests(sandbox) > maxRequests {
		t.Errorf("got %d images with %d requests, incomplete: %+v", len(list.Images), listRequests(sandbox), list.Incomplete)
	}
}

// TestListImagesReducesPageSize checks that ListImages tries smaller page sizes if the service rejects the default page
// size.
func TestListImagesReducesPageSize(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int][]string{50: {"100", "50"}, 20: {"100", "50", "20"}, 10: {"100", "50", "20"}} {
		sandbox := numberedSandbox(t, imageCount, paisandbox.Fault{Do: paisandbox.RefusePageSizeAbove(limit)})
		list, err := newClient(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})

		var got []string
		for _, request := range sandbox.Requests()[:len(want)] {
			got = append(got, request.Query.Get("PageSize"))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d: %s", limit, diff)
		}
		if limit < 20 {
			checkRejected(t, err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Images) != imageCount || list.Incomplete != nil {
			t.Errorf("limit %d: got %d images, incomplete: %+v", limit, len(list.Images), list.Incomplete)
		}
	}
}

// TestListImagesKeepsConfiguredPageSize checks that ListImages tries no smaller page size if the input sets a page
// size.
func TestListImagesKeepsConfiguredPageSize(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount, paisandbox.Fault{Do: paisandbox.RefusePageSizeAbove(50)})
	_, err := newClient(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 60})
	checkRejected(t, err)
	if got := listRequests(sandbox); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}

func checkRejected(t *testing.T, err error) {
	t.Helper()
	var rejected *paiclient.APIError
	if !errors.As(err, &rejected) || rejected.Kind != paiclient.KindParameter || rejected.Code != "InvalidParameter" {
		t.Errorf("got %v, want KindParameter", err)
	}
}

// TestListImagesReportsFirstRejection checks that the error is that of the first page size if the service rejects every
// size.
func TestListImagesReportsFirstRejection(t *testing.T) {
	t.Parallel()
	transport := &fakeTransport{respond: func(_ int, request *http.Request) *http.Response {
		size := request.URL.Query().Get("PageSize")
		return cannedResponse(http.StatusBadRequest, `{"Code":"InvalidParameter","Message":"size `+size+`"}`)
	}}
	_, err := newFakeClient(t, transport).ListImages(t.Context(), paiclient.ListImagesInput{})
	checkRejected(t, err)
	if len(transport.requests) != 3 || !strings.Contains(err.Error(), "size 100") {
		t.Errorf("got %v after %d requests, want the error for size 100", err, len(transport.requests))
	}
}

// TestListImagesReadsShortFirstPageAgain checks that page 1 is requested again if it is shorter than the page size that
// the service uses. Otherwise, the first pass would lack images, and two more passes would be needed.
func TestListImagesReadsShortFirstPageAgain(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount, paisandbox.Fault{Do: paisandbox.ClampPageSize(50)},
		paisandbox.Fault{Match: paisandbox.OnPage(1), Times: 1, Do: paisandbox.ShortPage(10)})
	list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{})
	if len(list.Images) != imageCount || list.Incomplete != nil || list.Passes != 2 {
		t.Errorf("got %d images after %d passes, incomplete: %+v", len(list.Images), list.Passes, list.Incomplete)
	}
}

// TestMoreInformative checks which of two errors of one list is reported.
func TestMoreInformative(t *testing.T) {
	t.Parallel()
	unknown, other := &paiclient.InterruptedError{}, &paiclient.InterruptedError{}
	known := &paiclient.InterruptedError{Last: errors.New("throttled")}
	rejected := &paiclient.APIError{}
	for _, test := range []struct{ first, second, want error }{
		{nil, unknown, unknown},
		{unknown, known, known},
		{known, unknown, known},
		{unknown, other, unknown},
		{rejected, known, rejected},
	} {
		if got := paiclient.MoreInformative(test.first, test.second); !errors.Is(got, test.want) {
			t.Errorf("%v, %v: got %v, want %v", test.first, test.second, got, test.want)
		}
	}
}

// TestLongHeader checks that the client reads no header that is much longer than those of the service.
func TestLongHeader(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, 1, paisandbox.Fault{
		Do: paisandbox.Delay(0).WithHeader("X-Long", strings.Repeat("x", 100<<10)),
	})
	client := newClient(t, sandbox, func(o *paiclient.Options) { o.MaxRetries = 0 })
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	if err == nil || !strings.Contains(err.Error(), "65536 bytes") {
		t.Errorf("got %v, want an error with the limit", err)
	}
}
