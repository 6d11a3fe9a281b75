package paiclient_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// `make schedules` sets them.
var (
	schedules = flag.Uint64("schedules", 150, "how many schedules TestListImagesUnderChurn runs")
	firstSeed = flag.Uint64("seed", 0, "seed of the first of them; the others count on from it")
)

// TestListImagesUnderChurn lists images that are deleted, added, renamed and re-timed between any two requests, by schedules from
// seeds. A list that comes without a warning holds every image that was there from the first request to the last. With a warning or
// without, it holds none that never was there, none twice, each as it once was, and in the order asked for.
func TestListImagesUnderChurn(t *testing.T) {
	t.Parallel()
	const side = 4 // by side
	var next, settled, warned, wrong atomic.Uint64
	var requests atomic.Int64
	begun := time.Now()
	for worker := range side {
		t.Run(fmt.Sprintf("%d of %d", worker+1, side), func(t *testing.T) {
			t.Parallel()
			for n := next.Add(1); n <= *schedules; n = next.Add(1) {
				s := newSchedule(*firstSeed + n - 1)
				outcome := s.run(t)
				requests.Add(int64(outcome.requests))
				if outcome.settled {
					settled.Add(1)
				} else {
					warned.Add(1)
				}
				if len(outcome.wrong) > 0 {
					wrong.Add(1)
					t.Errorf("seed %d: %+v: %s\n%s\nAgain: make schedules SCHEDULES=1 SEED=%d", s.seed, s.input,
						strings.Join(outcome.wrong, "\n"), outcome.story, s.seed)
				}
			}
		})
	}
	t.Cleanup(func() { // after all of them
		count := settled.Load()
		t.Logf("%d schedules with %d requests in %s: %d listings settled, %d came with a warning, %d are wrong", count+warned.Load(), requests.Load(),
			time.Since(begun).Round(time.Second), count, warned.Load(), wrong.Load())
		if *schedules >= 100 && min(count, warned.Load()) < *schedules/10 {
			t.Errorf("%d of %d listings settled: the schedules are too wild or too tame to tell anything", count, *schedules)
		}
	})
}

// schedule is what follows from a seed.
type schedule struct {
	seed        uint64
	churn       paisandbox.ChurnOptions
	input       paiclient.ListImagesInput
	meets       func(*paisandbox.Image) bool // what the input asks for, in the checker's own words
	concurrency int
	late        float64 // share of the answers that take their time
	broken      float64 // share of the answers that must be asked for again
}

func newSchedule(seed uint64) schedule {
	random := rand.New(rand.NewPCG(seed, 1))
	s := schedule{
		seed: seed,
		churn: paisandbox.ChurnOptions{
			Seed: seed, Images: 20 + random.IntN(60), Likelihood: random.Float64() * 0.3,
		},
		concurrency: 1 + random.IntN(8),
		late:        max(0, random.Float64()-0.5),
		broken:      max(0, random.Float64()-0.5) / 2,
	}
	s.input = paiclient.ListImagesInput{PageSize: 3 + random.IntN(15), Verbose: random.IntN(2) == 0}
	s.input.Order = []string{"", paiclient.Ascending, paiclient.Descending}[random.IntN(3)]
	if random.IntN(8) == 0 { // as users have it: several pages take more than 100 images then
		s.input.PageSize, s.churn.Images = 0, 150
	}
	s.meets = func(*paisandbox.Image) bool { return true }
	switch random.IntN(8) {
	case 0:
		s.input.Labels = map[string]string{"system.chipType": "GPU"}
		s.meets = func(i *paisandbox.Image) bool { return hasLabel(i, paisandbox.L("system.chipType", "GPU")) }
	case 1:
		s.input.Labels = map[string]string{"system.official": "true"}
		s.meets = func(i *paisandbox.Image) bool { return i.WorkspaceID.Or("") == "" }
	case 2: // renaming an image takes it in or out; among few, the same ones soon again
		s.churn.Images, s.churn.Likelihood, s.input.PageSize = 6+random.IntN(12), random.Float64(), 2
		s.input.Name = "RE"
		s.meets = func(i *paisandbox.Image) bool { return strings.Contains(i.Name.Or(""), "re") }
	}
	return s
}

func hasLabel(i *paisandbox.Image, wanted paisandbox.Label) bool {
	for _, label := range i.Labels.Or(nil) {
		if label == wanted {
			return true
		}
	}
	return false
}

// outcome is how a schedule ended.
type outcome struct {
	settled  bool
	requests int
	wrong    []string
	story    string // what was asked and what was changed, where it is wrong
}

func (s *schedule) run(t *testing.T) outcome {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), paisandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sandbox.Close() }() // not at the end of the test: there may be ten thousand
	watch := sandbox.StartChurn(s.churn).Watch()
	s.trouble(sandbox)
	client := connect(t, sandbox, func(o *paiclient.Options) {
		o.MaxConcurrency, o.MaxRetries = s.concurrency, 20
	})
	listing, err := client.ListImages(t.Context(), s.input)
	if err != nil {
		t.Fatal(err)
	}
	history := watch.End()
	o := outcome{settled: listing.Incomplete == nil, requests: pagesAsked(sandbox), wrong: s.check(listing, history)}
	if len(o.wrong) > 0 {
		var story strings.Builder
		for _, request := range sandbox.Requests() {
			fmt.Fprintf(&story, "page %s, Verbose %s\n", request.Query.Get("PageNumber"), request.Query.Get("Verbose"))
		}
		o.story = story.String() + strings.Join(history.Changes, "\n")
	}
	return o
}

// trouble makes some answers late, so that they come in any order, and cuts some off.
func (s *schedule) trouble(sandbox *paisandbox.Sandbox) {
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(s.seed, 2))
	some := func(share float64) func(paisandbox.Request) bool {
		return func(paisandbox.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			return random.Float64() < share
		}
	}
	for _, late := range []time.Duration{time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond} {
		sandbox.AddFault(paisandbox.Fault{Match: some(s.late), Do: paisandbox.Delay(late)})
	}
	half := paisandbox.Body(http.StatusOK, `{"TotalCount":60,"Images":[{"ImageId":"image-broken`)
	sandbox.AddFault(paisandbox.Fault{Match: some(s.broken), Do: half})
}
