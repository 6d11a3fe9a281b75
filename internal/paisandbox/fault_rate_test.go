package paisandbox

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLimitRate asks at given times of a clock that stands still otherwise.
func TestLimitRate(t *testing.T) {
	t.Parallel()
	var after atomic.Int64 // milliseconds
	s := startSandbox(t, Options{Catalogue: smallCatalogue(), Now: func() time.Time { return churnEpoch.Add(time.Duration(after.Load()) * time.Millisecond) }})
	s.AddFault(Fault{Do: LimitRate(3, Throttle(http.StatusTooManyRequests, 400*time.Millisecond))})
	c := newCaller(s)
	var got []int
	for _, milliseconds := range []int64{0, 100, 200, 300, 999, 1000, 1001, 1100, 1150, 1200, 1999, 2000, 9000, 9000, 9000, 9000} {
		after.Store(milliseconds)
		a := c.get(t, imagesPath)
		got = append(got, a.StatusCode)
		if a.StatusCode != http.StatusOK && (a.apiError(t).Code != "Throttling.User" || a.Header.Get("X-Acs-Retry-After") != "400") {
			t.Errorf("got %s", a.body)
		}
	}
	const ok, no = http.StatusOK, http.StatusTooManyRequests
	want := []int{ok, ok, ok, no, no, ok, no, ok, no, ok, no, ok, ok, ok, ok, no}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLimitRateOfSome counts neither other requests nor, for Times, those that pass.
func TestLimitRateOfSome(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue(), Now: func() time.Time { return churnEpoch }})
	s.AddFault(Fault{Match: OnAction("GetImage"), Times: 1, Do: LimitRate(2, Throttle(http.StatusBadRequest, -1))})
	c := newCaller(s)
	var got []int
	for _, path := range []string{"", "", "", "/torch", "/torch", "/torch", "/torch", ""} {
		got = append(got, c.get(t, imagesPath+path).StatusCode)
	}
	if diff := cmp.Diff([]int{200, 200, 200, 200, 200, 400, 200, 200}, got); diff != "" {
		t.Error(diff)
	}
}

// TestLimitRateSideBySide lets exactly as many pass.
func TestLimitRateSideBySide(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue(), Now: func() time.Time { return churnEpoch }})
	s.AddFault(Fault{Do: LimitRate(20, Throttle(http.StatusBadRequest, -1))})
	c := newCaller(s)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if a, err := c.do(t.Context(), t, imagesPath); err != nil {
				t.Errorf("%s: %v", a.body, err)
			}
		})
	}
	group.Wait()
	passed := 0
	for _, request := range s.Requests() {
		if request.Status == http.StatusOK {
			passed++
		}
	}
	if passed != 20 {
		t.Errorf("%d passed", passed)
	}
}
