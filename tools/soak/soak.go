package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/identity"
)

// settings say how long and how much at once.
type settings struct {
	seed    uint64
	length  time.Duration
	askers  int
	report  func(line string) // of what is wrong, and now and then how far it is
	waiting time.Duration     // for the last answers, which are wrong if they take longer
}

// soak is one provider that asks one sandbox.
type soak struct {
	settings
	sandbox   *paisandbox.Sandbox
	churn     *paisandbox.Churn
	weather   *weather
	terraform *terraform
	tally     *tally
}

// run asks until the time is over, and leaves nothing behind but the provider.
func run(ctx context.Context, o settings) (*soak, error) {
	alive, end := context.WithCancel(ctx) // as long as it is, it holds the sandbox
	defer end()
	sandbox, err := paisandbox.Start(alive, paisandbox.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = sandbox.Close() }()
	sidecar, err := identity.StartSidecar(alive, sandbox, identity.SidecarOptions{})
	if err != nil {
		return nil, err
	}
	s := &soak{settings: o, sandbox: sandbox, tally: newTally()}
	s.churn = sandbox.StartChurn(paisandbox.ChurnOptions{Seed: o.seed, Images: 120, Likelihood: 0.025})
	s.weather = brew(sandbox, o.seed)
	s.terraform, err = configured(ctx, object{
		"endpoint": sandbox.URL(), "credentials_uri": sidecar.URL(), "request_timeout": requestTimeout.String(),
	})
	if err != nil {
		return nil, err
	}
	over, counted := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(counted)
		s.count(over)
	}()
	s.ask(ctx)
	close(over)
	<-counted
	s.tally.faults(s.weather)
	s.sandbox, s.churn, s.weather = nil, nil, nil
	return s, s.terraform.stop(ctx)
}

// ask has all askers ask until the time is over. Then the weather clears up, and they wait for their last answers, but not for ever:
// what has to be cancelled at last is wrong.
func (s *soak) ask(ctx context.Context) {
	asked, giveUp := context.WithCancel(ctx)
	defer giveUp()
	over := time.Now().Add(s.length)
	var asking sync.WaitGroup
	for number := range s.askers {
		asking.Go(func() {
			drawing := &asker{Rand: rand.New(rand.NewPCG(s.seed, 100+uint64(number)))} //nolint:gosec // repeats from a seed, and guards nothing
			for ctx.Err() == nil && time.Now().Before(over) {
				drawing.ids = ids(s.sandbox.Images())
				if l := s.look(asked, drawing.question(), ctx.Err); s.tally.add(l) {
					s.report(l.tell())
				}
			}
		})
	}
	fair := time.AfterFunc(s.length, s.weather.clearUp)
	defer fair.Stop()
	late := time.AfterFunc(s.length+s.waiting, giveUp)
	defer late.Stop()
	asking.Wait()
}

// count takes the requests from the sandbox, so that they don't fill the memory.
func (s *soak) count(over <-chan struct{}) {
	begun, ticks := time.Now(), time.NewTicker(time.Second)
	defer ticks.Stop()
	next := begun.Add(time.Minute)
	for {
		select {
		case <-over:
			s.tally.requests(s.sandbox.TakeRequests(), s.weather.broke)
			return
		case now := <-ticks.C:
			s.tally.requests(s.sandbox.TakeRequests(), s.weather.broke)
			if now.After(next) {
				next = next.Add(time.Minute)
				s.report(fmt.Sprintf("%s: %s", now.Sub(begun).Round(time.Second), s.tally.short()))
			}
		}
	}
}
