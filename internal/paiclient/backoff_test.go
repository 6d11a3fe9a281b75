package paiclient

import (
	"net/http"
	"testing"
	"time"
)

// TestBackoffIsFullJitter: each wait is anything between nothing and a limit that doubles, up to a cap, so that clients that
// failed together don't come again together.
func TestBackoffIsFullJitter(t *testing.T) {
	t.Parallel()
	for attempt, limit := range map[int]time.Duration{
		0: minWait, 1: 2 * minWait, 2: 4 * minWait, 5: 32 * minWait, 6: maxWait, 15: maxWait, 16: maxWait, 63: maxWait, 100: maxWait,
	} {
		const tenths, draws = 10, 2000
		var drawn [tenths]int
		for range draws {
			wait := backoff(minWait, maxWait, attempt, nil)
			if wait < 0 || wait > limit {
				t.Fatalf("attempt %d: %s is not within %s", attempt, wait, limit)
			}
			drawn[min(tenths-1, int(wait*tenths/limit))]++
		}
		for tenth, count := range drawn {
			// A tenth of the draws, give or take seven times the deviation that chance makes.
			if count < draws/tenths-95 || count > draws/tenths+95 {
				t.Errorf("attempt %d: %d of %d waits are in tenth %d of the range", attempt, count, draws, tenth+1)
			}
		}
	}
}

// TestBackoffListensToTheService: not sooner than told, whatever the attempt, nor much later; and spread, for all who were
// throttled at once were told the same.
func TestBackoffListensToTheService(t *testing.T) {
	t.Parallel()
	for header, told := range map[[2]string]time.Duration{
		{"x-acs-retry-after", "1500"}:                      1500 * time.Millisecond,
		{"x-ratelimit-user-api", "Remain:0,TimeLeft:2500"}: 2500 * time.Millisecond,
		{"x-ratelimit-user", "TimeLeft:30"}:                30 * time.Millisecond,
		{"Retry-After", "60"}:                              time.Minute, // longer than the cap: it is the service's word
	} {
		response := &http.Response{Header: http.Header{}}
		response.Header.Set(header[0], header[1])
		waits := make(map[time.Duration]bool)
		for attempt := range 100 {
			wait := backoff(minWait, maxWait, attempt, response)
			if wait < told || wait > told+told/10+time.Millisecond {
				t.Errorf("%s: %s after attempt %d: waits %s", header[0], header[1], attempt, wait)
			}
			waits[wait] = true
		}
		if len(waits) < 50 {
			t.Errorf("%s: only %d different waits", header[0], len(waits))
		}
	}
	for _, header := range [][2]string{{"x-acs-retry-after", "0"}, {"x-acs-retry-after", "soon"}, {"x-acs-retry-after", "-5"}, {"Retry-After", "99999999999"}} {
		response := &http.Response{Header: http.Header{}}
		response.Header.Set(header[0], header[1])
		if wait := backoff(minWait, maxWait, 0, response); wait > minWait {
			t.Errorf("%s: %s: waits %s", header[0], header[1], wait)
		}
	}
}
