// Command soak looks images up at random for some minutes, several lookups at once, through the whole provider, against a sandbox
// whose images change and whose answers fail. It holds every result against what was there, ends with figures, and fails where a
// result is wrong, or where goroutines or memory are left.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"
)

const (
	askers = 16
	// mayGrow is how much more memory the provider may hold at the end than at the start, however long it was asked: nothing may be
	// kept of a lookup. Of each session some kilobytes are, the secrets to take out of texts; of pools, what is in use.
	mayGrow = 2 << 20
	// settling is how long connections may take to close.
	settling = 10 * time.Second
)

func main() {
	log.SetFlags(0)
	minutes := flag.Float64("minutes", 5, "how long")
	seed := flag.Uint64("seed", rand.Uint64(), "of what is asked, of what changes and of what fails; when, the clock says") //nolint:gosec // any will do
	flag.Parse()
	for _, variable := range os.Environ() { // the caller's account has no part in it
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "ALIBABA_CLOUD_") || strings.HasPrefix(name, "ALICLOUD_") {
			_ = os.Unsetenv(name)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := soakFor(ctx, time.Duration(*minutes*float64(time.Minute)), *seed, os.Stdout)
	stop()
	if err != nil {
		log.Fatal("soak: ", err)
	}
}

// soakFor runs, prints the figures, and says what is wrong with them.
func soakFor(ctx context.Context, length time.Duration, seed uint64, out io.Writer) error {
	say := func(format string, arguments ...any) { _, _ = fmt.Fprintf(out, format+"\n", arguments...) }
	say("Seed %d, %s, %d lookups at once, race detector %s.", seed, length, askers, map[bool]string{true: "on", false: "off"}[raceDetector])
	o := settings{
		seed: seed, length: min(length, 2*time.Second), askers: askers, waiting: 40 * time.Second,
		report: func(line string) { say("%s", line) },
	}
	// What a first lookup leaves for the next ones (schemas, patterns, pools) is no leak.
	if _, err := run(ctx, o); err != nil {
		return err
	}
	goroutines, heap := measure(0, time.Second)
	o.length = length
	s, err := run(ctx, o)
	if err != nil {
		return err
	}
	goroutinesLeft, heapLeft := measure(goroutines, settling)
	say("%s%8d  goroutines at the start, %d at the end", s.tally, goroutines, goroutinesLeft)
	say("%8.1f  MiB in use at the start, %.1f at the end, with the provider still there", float64(heap)/(1<<20), float64(heapLeft)/(1<<20))
	runtime.KeepAlive(s)
	switch {
	case s.tally.wrong > 0:
		return fmt.Errorf("%d results are wrong", s.tally.wrong)
	case goroutinesLeft > goroutines:
		_ = pprof.Lookup("goroutine").WriteTo(out, 1)
		return fmt.Errorf("%d goroutines are left over", goroutinesLeft-goroutines)
	case heapLeft > heap+mayGrow:
		return fmt.Errorf("memory grew by more than %d MiB", mayGrow>>20)
	}
	return ctx.Err()
}

// measure waits, but not for longer than it has patience, until there are no more goroutines than wanted, and gives their number and
// the memory in use.
func measure(wanted int, patience time.Duration) (goroutines int, heap uint64) {
	end := time.Now().Add(patience)
	for goroutines = runtime.NumGoroutine(); goroutines > wanted && time.Now().Before(end); goroutines = runtime.NumGoroutine() {
		time.Sleep(50 * time.Millisecond)
	}
	for range 3 { // pools are emptied by the second
		runtime.GC()
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return goroutines, memory.HeapAlloc
}
