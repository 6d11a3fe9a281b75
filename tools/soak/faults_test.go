package soak_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// requestTimeout is the provider's timeout for one attempt. A stalled response exceeds it.
const requestTimeout = 2 * time.Second

// requestedWait is how long the service requests to wait after throttling.
const requestedWait = 100 * time.Millisecond

// faultKind is one kind of fault.
type faultKind struct {
	name     string
	effect   paisandbox.Effect
	breaks   bool     // the provider must retry the request
	rare     bool     // injected rarely, because it delays many lookups at once
	messages []string // an error caused by the fault contains one of these texts
}

func faultKinds() []faultKind {
	throttling := []string{"code Throttling.User"}
	connection := []string{
		"connection reset by peer", "EOF", "broken pipe", "server closed idle connection", "SignatureNonceUsed",
	}
	half := paisandbox.Body(http.StatusOK, `{"TotalCount":12,"Images":[{"ImageId":"image-`)
	internal := paisandbox.APIError(http.StatusInternalServerError, "InternalError", "Something broke.")
	expire := paisandbox.Call((*paisandbox.Sandbox).ExpireSessions)
	return []faultKind{
		{name: "throttling, 400", effect: paisandbox.Throttle(400, -1), breaks: true, messages: throttling},
		{
			name: "throttling, 429, retry after 100 ms", effect: paisandbox.Throttle(429, requestedWait),
			breaks: true, messages: throttling,
		},
		{name: "500 in JSON", effect: internal, breaks: true, messages: []string{"code InternalError"}},
		{name: "502 in HTML", effect: paisandbox.ServerError(502), breaks: true, messages: []string{"HTTP 502"}},
		{name: "503 in HTML", effect: paisandbox.ServerError(503), breaks: true, messages: []string{"HTTP 503"}},
		{name: "504 in HTML", effect: paisandbox.ServerError(504), breaks: true, messages: []string{"HTTP 504"}},
		{name: "connection reset", effect: paisandbox.Reset(), breaks: true, messages: connection},
		{name: "response truncated", effect: paisandbox.Truncate(), breaks: true, messages: connection},
		{name: "half of the JSON", effect: half, breaks: true, messages: []string{"unexpected EOF"}},
		{name: "30 ms late", effect: paisandbox.Delay(30 * time.Millisecond)},
		{name: "300 ms late", effect: paisandbox.Delay(300 * time.Millisecond)},
		{
			name: "response stalled", effect: paisandbox.Stall(), breaks: true, rare: true,
			messages: []string{"deadline exceeded", "Client.Timeout"},
		},
		{name: "sessions expired", effect: expire, rare: true, messages: []string{"InvalidSecurityToken.Expired"}},
	}
}

// faults injects faults into random requests, at most one into each request, and counts them. The probability of a
// fault changes every few seconds.
type faults struct {
	kinds []faultKind

	mu          sync.Mutex
	random      *rand.Rand
	ended       bool
	probability float64
	until       time.Time       // time when the probability changes
	chosen      map[string]int  // index of the injected kind by request ID; -1 means no fault
	broken      map[string]bool // requests that the provider must retry, by request ID
	counts      []int           // number of injected faults by kind
}

func newFaults(sandbox *paisandbox.Sandbox, seed uint64) *faults {
	f := &faults{
		kinds: faultKinds(), chosen: make(map[string]int), broken: make(map[string]bool),
		random: rand.New(rand.NewPCG(seed, 2)),
	}
	f.counts = make([]int, len(f.kinds))
	for index, kind := range f.kinds {
		sandbox.AddFault(paisandbox.Fault{
			Match: func(r paisandbox.Request) bool { return f.match(r.RequestID, index) },
			Do:    kind.effect,
		})
	}
	return f
}

// match reports whether the fault of the given kind is injected into the request. The sandbox calls it once for each
// kind, in order.
func (f *faults) match(requestID string, index int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if index == 0 {
		f.chosen[requestID] = f.choose()
	}
	chosen := f.chosen[requestID]
	if index == len(f.kinds)-1 {
		delete(f.chosen, requestID)
	}
	if chosen != index {
		return false
	}
	f.counts[index]++
	if f.kinds[index].breaks {
		f.broken[requestID] = true
	}
	return true
}

func (f *faults) choose() int {
	if now := time.Now(); now.After(f.until) {
		f.until = now.Add(time.Second + time.Duration(f.random.IntN(5000))*time.Millisecond)
		f.probability = []float64{0, 0.02, 0.02, 0.1, 0.1, 0.3, 0.7}[f.random.IntN(7)]
	}
	value, index, keep := f.random.Float64(), f.random.IntN(len(f.kinds)), f.random.IntN(10) == 0
	if f.ended || value >= f.probability || f.kinds[index].rare && !keep {
		return -1
	}
	return index
}

// mustRetry reports whether the provider must retry the request. It must be called once for each request.
func (f *faults) mustRetry(r paisandbox.Request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	broken := f.broken[r.RequestID]
	delete(f.broken, r.RequestID)
	return broken || r.ErrorCode == "InvalidSecurityToken.Expired" || r.ErrorCode == "SignatureNonceUsed"
}

// end stops all faults.
func (f *faults) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
}

// count returns the number of faults injected so far, by kind.
func (f *faults) count() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.counts)
}
