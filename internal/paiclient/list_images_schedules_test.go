package paiclient_test

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/churn"
)

// Flags that `make schedules` sets.
var (
	schedules = flag.Uint64("schedules", 150, "number of schedules that TestListImagesUnderChurn runs")
	firstSeed = flag.Uint64("seed", 0, "seed of the first schedule; the others follow")
)

// TestListImagesUnderChurn lists images while the catalogue changes. Between any two requests, images can be deleted,
// added, renamed, or get other times. A seed determines the schedule of these changes. Rule 1 of DESIGN.md.
//
// A complete list must contain every image that matched from the first request to the last. Every list must be in the
// requested order, and must not contain an image twice. Each listed image must equal a version that existed and
// matched.
func TestListImagesUnderChurn(t *testing.T) {
	t.Parallel()
	const workers = 4
	var next, complete, incomplete, wrong atomic.Uint64
	var requests atomic.Int64
	begin := time.Now()
	for worker := range workers {
		t.Run(fmt.Sprintf("%d of %d", worker+1, workers), func(t *testing.T) {
			t.Parallel()
			for n := next.Add(1); n <= *schedules; n = next.Add(1) {
				s := newSchedule(*firstSeed + n - 1)
				result := s.run(t)
				requests.Add(int64(result.requests))
				if result.isComplete {
					complete.Add(1)
				} else {
					incomplete.Add(1)
				}
				if len(result.wrong) > 0 {
					wrong.Add(1)
					t.Errorf("seed %d: %+v: %s\n%s\nTo repeat: make schedules SCHEDULES=1 SEED=%d", s.seed, s.in,
						strings.Join(result.wrong, "\n"), result.history, s.seed)
				}
			}
		})
	}
	t.Cleanup(func() { // runs after all workers have finished
		t.Logf("%d schedules with %d requests in %s: %d lists complete, %d incomplete, %d wrong",
			complete.Load()+incomplete.Load(), requests.Load(), time.Since(begin).Round(time.Second),
			complete.Load(), incomplete.Load(), wrong.Load())
		if *schedules >= 100 && min(complete.Load(), incomplete.Load()) < *schedules/10 {
			t.Errorf("%d of %d lists are complete: the schedules change too much or too little", complete.Load(), *schedules)
		}
	})
}

// schedule contains the parameters that a seed determines.
type schedule struct {
	seed        uint64
	churn       churn.Options
	in          paiclient.ListImagesInput
	matches     func(*paisandbox.Image) bool // reports whether an image matches in, without code of the client or sandbox
	concurrency int
	delayed     float64 // likelihood of each delay of a response
	truncated   float64 // likelihood that a response is truncated
}

func newSchedule(seed uint64) schedule {
	random := rand.New(rand.NewPCG(seed, 1))
	s := schedule{
		seed: seed,
		churn: churn.Options{
			Seed: seed, Items: 20 + random.IntN(60), Likelihood: random.Float64() * 0.3,
		},
		concurrency: 1 + random.IntN(8),
		delayed:     max(0, random.Float64()-0.5),
		truncated:   max(0, random.Float64()-0.5) / 2,
	}
	s.in = paiclient.ListImagesInput{PageSize: 3 + random.IntN(15), Verbose: random.IntN(2) == 0}
	s.in.Order = []string{"", paiclient.Ascending, paiclient.Descending}[random.IntN(3)]
	if random.IntN(8) == 0 { // the default page size, with enough images for several pages
		s.in.PageSize, s.churn.Items = 0, 150
	}
	s.matches = func(*paisandbox.Image) bool { return true }
	switch random.IntN(8) {
	case 0:
		s.in.Labels = map[string]string{"system.chipType": "GPU"}
		s.matches = func(i *paisandbox.Image) bool { return hasLabel(i, paisandbox.L("system.chipType", "GPU")) }
	case 1:
		s.in.Labels = map[string]string{"system.official": "true"}
		s.matches = func(i *paisandbox.Image) bool { return i.WorkspaceID.Or("") == "" }
	case 2: // filter by name; with few images and many renames, an image soon matches again
		s.churn.Items, s.churn.Likelihood, s.in.PageSize = 6+random.IntN(12), random.Float64(), 2
		s.in.Name = "RE"
		s.matches = func(i *paisandbox.Image) bool { return strings.Contains(i.Name.Or(""), "re") }
	}
	return s
}

func hasLabel(image *paisandbox.Image, want paisandbox.Label) bool {
	for _, label := range image.Labels.Or(nil) {
		if label == want {
			return true
		}
	}
	return false
}

// scheduleResult is the result of running a schedule.
type scheduleResult struct {
	isComplete bool
	requests   int
	wrong      []string // the errors in the list
	history    string   // the requests and the changes of the catalogue; empty if nothing is wrong
}

func (s *schedule) run(t *testing.T) scheduleResult {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), paisandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sandbox.Close() }() // not in t.Cleanup, because a test can run ten thousand schedules
	watch := churn.StartImages(sandbox, s.churn).Watch()
	s.addFaults(sandbox)
	client := newClient(t, sandbox, func(o *paiclient.Options) {
		o.MaxConcurrency, o.MaxRetries = s.concurrency, 20
	})
	list := listImages(t, client, s.in)
	history := watch.End()
	result := scheduleResult{
		isComplete: list.Incomplete == nil, requests: listRequests(sandbox), wrong: s.check(list, history),
	}
	if len(result.wrong) > 0 {
		var requests strings.Builder
		for _, request := range sandbox.Requests() {
			fmt.Fprintf(&requests, "page %s, Verbose %s\n", request.Query.Get("PageNumber"), request.Query.Get("Verbose"))
		}
		result.history = requests.String() + strings.Join(history.Changes, "\n")
	}
	return result
}

// addFaults delays some responses, so that responses arrive in any order, and truncates some responses.
func (s *schedule) addFaults(sandbox *paisandbox.Sandbox) {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(s.seed, 2))
	matchShare := func(share float64) func(paisandbox.Request) bool {
		return func(paisandbox.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			return random.Float64() < share
		}
	}
	for _, delay := range []time.Duration{time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond} {
		sandbox.AddFault(paisandbox.Fault{Match: matchShare(s.delayed), Do: paisandbox.Delay(delay)})
	}
	half := paisandbox.Body(http.StatusOK, `{"TotalCount":60,"Images":[{"ImageId":"image-broken`)
	sandbox.AddFault(paisandbox.Fault{Match: matchShare(s.truncated), Do: half})
}

// check compares a list with the history of the catalogue, and returns a description of each error in the list.
func (s *schedule) check(list *paiclient.ImageList, history *churn.History[paisandbox.Image]) []string {
	var wrong []string
	report := func(format string, arguments ...any) { wrong = append(wrong, fmt.Sprintf(format, arguments...)) }
	listed := make(map[string]bool)
	for k := range list.Images {
		image := &list.Images[k]
		if listed[*image.ImageID] {
			report("%s is listed twice", *image.ImageID)
		}
		listed[*image.ImageID] = true
		if !s.everMatched(image, history.Versions(*image.ImageID)) {
			report("%s (%s, %s) never existed or matched", *image.ImageID, *image.Name, *image.GmtCreateTime)
		}
		if k > 0 && !s.inOrder(&list.Images[k-1], image) {
			report("%s is after %s", *image.ImageID, *list.Images[k-1].ImageID)
		}
	}
	if list.Incomplete != nil {
		if len(history.Changes) == 0 {
			report("incomplete although nothing changed")
		}
		return wrong
	}
	if list.TotalCount == nil || *list.TotalCount != int64(len(listed)) {
		report("complete with %d images, but another count", len(listed))
	}
	for _, id := range history.AlwaysMatched(s.matches) {
		if !listed[id] {
			report("%s matched all the time and is missing", id)
		}
	}
	return wrong
}

// everMatched reports whether the listed image equals one of the versions, and this version matches the input.
func (s *schedule) everMatched(image *pai.Image, versions []paisandbox.Image) bool {
	for _, version := range versions {
		labels := 0
		if s.in.Verbose {
			labels = len(version.Labels.Or(nil))
		}
		if *image.Name == version.Name.Or("") && *image.GmtCreateTime == version.GmtCreateTime.Or("") &&
			*image.GmtModifiedTime == version.GmtModifiedTime.Or("") && *image.ImageURI == version.ImageURI.Or("") &&
			len(image.Labels) == labels && s.matches(&version) {
			return true
		}
	}
	return false
}

// inOrder reports whether two images are in the requested order. It doesn't use the client's comparison, because the
// test checks that comparison. Comparing strings is sufficient, because the sandbox formats all times in the same way.
func (s *schedule) inOrder(first, second *pai.Image) bool {
	order := cmp.Or(
		strings.Compare(*first.GmtCreateTime, *second.GmtCreateTime), strings.Compare(*first.ImageID, *second.ImageID))
	if s.in.Order == paiclient.Descending {
		return order > 0
	}
	return order < 0
}
