package paiclient

import (
	"net/http"
	"testing"
	"time"
)

// TestBackoffIsFullJitter checks that waits are uniformly distributed between zero and an upper bound. The bound
// doubles with each attempt, up to a maximum. Clients whose requests fail at the same time then retry at different
// times.
func TestBackoffIsFullJitter(t *testing.T) {
	t.Parallel()
	for attempt, bound := range map[int]time.Duration{
		0: minWait, 1: 2 * minWait, 2: 4 * minWait, 5: 32 * minWait,
		6: maxWait, 15: maxWait, 16: maxWait, 63: maxWait, 100: maxWait,
	} {
		const bins, samples = 10, 2000
		var counts [bins]int
		for range samples {
			wait := backoff(minWait, maxWait, attempt, nil)
			if wait < 0 || wait > bound {
				t.Fatalf("attempt %d: got %s, want at most %s", attempt, wait, bound)
			}
			counts[min(bins-1, int(wait*bins/bound))]++
		}
		for bin, count := range counts {
			// The tolerance is seven standard deviations.
			if count < samples/bins-95 || count > samples/bins+95 {
				t.Errorf("attempt %d: %d of %d waits are in bin %d", attempt, count, samples, bin)
			}
		}
	}
}

// TestBackoffFollowsRetryAfter checks that waits are random, at least as long as the requested wait, and at most 10%
// longer.
func TestBackoffFollowsRetryAfter(t *testing.T) {
	t.Parallel()
	for header, want := range map[[2]string]time.Duration{
		{"x-acs-retry-after", "1500"}:                      1500 * time.Millisecond,
		{"x-ratelimit-user-api", "Remain:0,TimeLeft:2500"}: 2500 * time.Millisecond,
		{"x-ratelimit-user", "TimeLeft:30"}:                30 * time.Millisecond,
		{"Retry-After", "60"}:                              time.Minute, // longer than maxWait
	} {
		response := &http.Response{Header: http.Header{}}
		response.Header.Set(header[0], header[1])
		distinct := make(map[time.Duration]bool)
		for attempt := range 100 {
			wait := backoff(minWait, maxWait, attempt, response)
			if wait < want || wait > want+want/10+time.Millisecond {
				t.Errorf("%s: %s, attempt %d: got %s", header[0], header[1], attempt, wait)
			}
			distinct[wait] = true
		}
		if len(distinct) < 50 {
			t.Errorf("%s: only %d different waits", header[0], len(distinct))
		}
	}
}

// TestBackoffIgnoresInvalidRetryAfter checks that an invalid requested wait is ignored. A requested wait of zero is
// also ignored: otherwise, all retries would be sent without delay.
func TestBackoffIgnoresInvalidRetryAfter(t *testing.T) {
	t.Parallel()
	for _, header := range [][2]string{
		{"x-acs-retry-after", "0"},
		{"x-acs-retry-after", "soon"},
		{"x-acs-retry-after", "-5"},
		{"Retry-After", "99999999999"},
	} {
		response := &http.Response{Header: http.Header{}}
		response.Header.Set(header[0], header[1])
		if wait := retryAfter(response.Header); wait != 0 {
			t.Errorf("%s: %s: retryAfter returned %s", header[0], header[1], wait)
		}
		longest := time.Duration(0)
		for range 100 {
			longest = max(longest, backoff(minWait, maxWait, 0, response))
		}
		if longest < minWait/2 || longest > minWait {
			t.Errorf("%s: %s: waits at most %s, want waits up to %s", header[0], header[1], longest, minWait)
		}
	}
}
