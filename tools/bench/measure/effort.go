package measure

import "time"

// Effort is how much is measured, and how often. What the goals are about is the same in every effort that judges.
type Effort struct {
	Judge bool // say whether goals are met: no matter for a run that only shows that measuring works

	Reads []Reads // ReadDataSource
	Each  time.Duration

	Plans  []Plans // whole plans, ours and the floor
	Images int     // of the plan that has a goal

	Delay        time.Duration // of every request, in listings and lookups
	Listed       int           // images
	Listings     int           // runs of ours
	SlowListings int           // runs of the vendor's client
	Lookups      int           // rounds of none, one and several lookups

	Memory []Plans // plans whose provider is weighed
	Starts int     // rounds of starting ours and an empty provider
}

// Reads says how often the benchmark is run with so many images.
type Reads struct{ Images, Runs int }

// Plans says how often a plan is run with so many images.
type Plans struct{ Images, Runs int }

const (
	readGoalImages = 1000 // of goal 1
	someLookups    = 8
	concurrency    = 20
)

// Full is what the page in the documentation is made from.
var Full = Effort{
	Judge:    true,
	Reads:    []Reads{{100, 5}, {1000, 5}, {10_000, 3}},
	Each:     500 * time.Millisecond,
	Plans:    []Plans{{100, 3}, {1000, 11}, {5000, 3}, {10_000, 2}},
	Images:   1000,
	Delay:    200 * time.Millisecond,
	Listed:   2000,
	Listings: 7, SlowListings: 3,
	Lookups: 15,
	Memory:  []Plans{{100, 3}, {1000, 3}, {5000, 3}, {10_000, 3}},
	Starts:  31,
}

// Quick goes through every row once or twice, with little to do.
var Quick = Effort{
	Reads:    []Reads{{100, 1}},
	Each:     10 * time.Millisecond,
	Plans:    []Plans{{100, 1}, {200, 1}},
	Images:   100,
	Delay:    20 * time.Millisecond,
	Listed:   300,
	Listings: 1, SlowListings: 1,
	Lookups: 1,
	Memory:  []Plans{{100, 1}, {200, 1}},
	Starts:  2,
}
