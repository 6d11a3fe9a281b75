package main

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// requestTimeout is the provider's for one attempt: what stalls, stalls longer.
const requestTimeout = 2 * time.Second

// calamity is one kind of fault.
type calamity struct {
	name   string
	do     paisandbox.Effect
	breaks bool     // the request that it strikes has to be sent again
	says   []string // what an error that it caused says, any of it
}

func calamities() []calamity {
	throttled := []string{"code Throttling.User"}
	broken := []string{"connection reset by peer", "EOF", "broken pipe", "server closed idle connection", "SignatureNonceUsed"}
	return []calamity{
		{"throttling, 400, no word of how long", paisandbox.Throttle(http.StatusBadRequest, -1), true, throttled},
		{"throttling, 429, told to wait 100 ms", paisandbox.Throttle(http.StatusTooManyRequests, 100*time.Millisecond), true, throttled},
		{"500 in JSON", paisandbox.APIError(http.StatusInternalServerError, "InternalError", "Something broke."), true, []string{"code InternalError"}},
		{"502 in HTML", paisandbox.ServerError(http.StatusBadGateway), true, []string{"HTTP 502"}},
		{"503 in HTML", paisandbox.ServerError(http.StatusServiceUnavailable), true, []string{"HTTP 503"}},
		{"504 in HTML", paisandbox.ServerError(http.StatusGatewayTimeout), true, []string{"HTTP 504"}},
		{"reset", paisandbox.Reset(), true, broken},
		{"cut off", paisandbox.Truncate(), true, broken},
		{"half of the JSON", paisandbox.Body(http.StatusOK, `{"TotalCount":12,"Images":[{"ImageId":"image-`), true, []string{"unexpected EOF"}},
		{"30 ms late", paisandbox.Delay(30 * time.Millisecond), false, nil},
		{"300 ms late", paisandbox.Delay(300 * time.Millisecond), false, nil},
		{"stalled", paisandbox.Stall(), true, []string{"deadline exceeded", "Client.Timeout"}},
		{"sessions expired", paisandbox.Call((*paisandbox.Sandbox).ExpireSessions), false, []string{"InvalidSecurityToken.Expired"}},
	}
}

// rare are the kinds that hold up many at once.
var rare = map[string]bool{"stalled": true, "sessions expired": true}

// weather brings calamities upon requests at random, at most one upon each, and counts them. It changes every few seconds.
type weather struct {
	kinds []calamity

	mu      sync.Mutex
	random  *rand.Rand
	clear   bool
	chance  float64 // of a calamity
	until   time.Time
	decided map[string]int  // request id to kind; -1: none
	broken  map[string]bool // request ids
	hits    []int
}

// brew turns the weather on.
func brew(sandbox *paisandbox.Sandbox, seed uint64) *weather {
	w := &weather{
		kinds: calamities(), decided: make(map[string]int), broken: make(map[string]bool),
		random: rand.New(rand.NewPCG(seed, 2)), //nolint:gosec // repeats from a seed, and guards nothing
	}
	w.hits = make([]int, len(w.kinds))
	for kind, c := range w.kinds {
		sandbox.AddFault(paisandbox.Fault{Match: func(r paisandbox.Request) bool { return w.strikes(r.RequestID, kind) }, Do: c.do})
	}
	return w
}

// strikes is asked for every request once for each kind, in their order.
func (w *weather) strikes(request string, kind int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if kind == 0 {
		w.decided[request] = w.decide()
	}
	chosen := w.decided[request]
	if kind == len(w.kinds)-1 {
		delete(w.decided, request)
	}
	if chosen != kind {
		return false
	}
	w.hits[kind]++
	if w.kinds[kind].breaks {
		w.broken[request] = true
	}
	return true
}

// broke says, once, whether a request has to be sent again.
func (w *weather) broke(r paisandbox.Request) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	broken := w.broken[r.RequestID]
	delete(w.broken, r.RequestID)
	return broken || r.ErrorCode == "InvalidSecurityToken.Expired" || r.ErrorCode == "SignatureNonceUsed"
}

func (w *weather) decide() int {
	if now := time.Now(); now.After(w.until) {
		w.until = now.Add(time.Second + time.Duration(w.random.IntN(5000))*time.Millisecond)
		w.chance = []float64{0, 0.02, 0.02, 0.1, 0.1, 0.3, 0.7}[w.random.IntN(7)]
	}
	chance, kind, again := w.random.Float64(), w.random.IntN(len(w.kinds)), w.random.IntN(10)
	if w.clear || chance >= w.chance || rare[w.kinds[kind].name] && again > 0 {
		return -1
	}
	return kind
}

// clearUp ends it.
func (w *weather) clearUp() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clear = true
}

// soFar are the hits by kind.
func (w *weather) soFar() []int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]int(nil), w.hits...)
}
