package paiclient

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// TestSignatureVectors compares signatures with test vectors, one of which the vendor publishes.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/signature_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		ID        string            `json:"access_key_id"`
		Secret    string            `json:"access_key_secret"`
		Method    string            `json:"method"`
		Path      string            `json:"path"`
		Host      string            `json:"host"`
		Action    string            `json:"action"`
		Version   string            `json:"version"`
		Date      string            `json:"date"`
		Nonce     string            `json:"nonce"`
		Query     map[string]string `json:"query"`
		Signature string            `json:"signature"`
	}
	if err := json.Unmarshal(content, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 3 {
		t.Fatalf("got %d vectors, want 3", len(vectors))
	}
	for _, vector := range vectors {
		t.Run(vector.Action+" "+vector.Signature[:8], func(t *testing.T) {
			t.Parallel()
			date, err := time.Parse(signatureTimeLayout, vector.Date)
			if err != nil {
				t.Fatal(err)
			}
			transport := newSigningTransport(nil)
			transport.now = func() time.Time { return date }
			transport.nonce = func() string { return vector.Nonce }

			query := url.Values{}
			for name, value := range vector.Query {
				query.Set(name, value)
			}
			address := url.URL{Scheme: "https", Host: vector.Host, Path: vector.Path, RawQuery: query.Encode()}
			request, err := http.NewRequestWithContext(t.Context(), vector.Method, address.String(), http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			transport.sign(request, vector.Action, vector.Version,
				Credentials{AccessKeyID: vector.ID, AccessKeySecret: vector.Secret})

			authorization := request.Header.Get("Authorization")
			if !strings.HasSuffix(authorization, ",Signature="+vector.Signature) {
				t.Errorf("got %s, want signature %s", authorization, vector.Signature)
			}
			if !strings.HasPrefix(authorization, "ACS3-HMAC-SHA256 Credential="+vector.ID+",SignedHeaders=host;") {
				t.Errorf("got %s", authorization)
			}
		})
	}
}

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
