package main

import "runtime"

// goal is a row of the table: a measured value, what it is compared with, and the limits of the result.
type goal struct {
	number   int
	what     string
	ours     metric
	against  string
	other    metric // zero if the value is not compared
	kind     kind
	atLeast  float64 // lowest allowed result, or 0
	atMost   float64 // highest allowed result, or 0
	optional bool    // whether the machine may lack what the measurement needs
	excuse   string  // known reason for missing the goal, shown only if it is missed
}

// kind is how a result is computed, and its unit in the table.
type kind string

const (
	ratio            kind = ""
	timesLess        kind = "times less"
	delays           kind = "delays"
	megabytes        kind = "MB"
	count            kind = "requests"
	more             kind = "s more"
	millisecondsMore kind = "ms more"
)

var (
	againstStructs = "with structs"
	againstValues  = "with lists of `attr.Value`"
	againstFloor   = "with the floor"
	againstEmpty   = "for an empty provider"
)

func readMetric(fill, unit string) metric {
	return metric{"ReadDataSource/fill=" + fill + "/images=1000", unit}
}

func planGoal(cli string) goal {
	benchmark := "Plan/cli=" + cli + "/images=1000"
	return goal{
		number: 2, what: "`" + cli + " plan`, 1,000 images", ours: metric{benchmark, "ours-sec"}, against: againstFloor,
		other: metric{benchmark, "floor-sec"}, atMost: 1.08, optional: true, excuse: planExcuse,
	}
}

func listGoal(name, what string, atMost float64) goal {
	return goal{
		number: 3, what: "2,000 images, " + what, ours: metric{"ListImages/" + name, "sec/op"}, against: "200 ms per request",
		other: metric{"ListImages/" + name, "delays/op"}, kind: delays, atMost: atMost,
	}
}

func sharingGoal(delay, what string) goal {
	return goal{
		number: 4, what: what, ours: metric{"Sharing/delay=" + delay, "requests"}, kind: count, atMost: 4,
		excuse: sharingExcuse,
	}
}

// Names of benchmarks.
const (
	rateLimit = "RateLimit/rate=20"
	lookups   = "Lookups/delay=200ms"
)

// Known reasons for missed goals.
const (
	planExcuse = "The provider waits 10 ms for lookups that could share the list, and the sandbox needs about 25 ms of " +
		"processor time for its responses. A plan with the floor has neither."
	lookupsExcuse = "The next row shows the part that the CLI itself needs. The plugin framework needs most of the " +
		"rest: it decodes and validates the arguments of each block, and encodes its state."
	sharingExcuse = "The CLI did not start its ten parallel reads within the 10 ms in which lookups can share a list."
	rateExcuse    = "The CLI reads ten data sources at a time, so 200 need at least 20 lists, and more if they start late."
	startExcuse   = "Packages that an empty provider lacks need about 2 ms to initialize, mostly regular expressions of " +
		"libraries. The larger schema needs about 1 ms."
	sizeExcuse = "The vendor's function for signatures needs 0.86 MB, which is 0.05 of the ratio."
)

// goals are the rows of the table, in order.
var goals = []goal{
	{
		number: 1, what: "`ReadDataSource`, 1,000 images: time", ours: readMetric("wirestate", "sec/op"),
		against: againstStructs, other: readMetric("structs", "sec/op"), kind: timesLess, atLeast: 150,
	},
	{
		number: 1, what: "`ReadDataSource`, 1,000 images: time", ours: readMetric("wirestate", "sec/op"),
		against: againstValues, other: readMetric("values", "sec/op"), kind: timesLess, atLeast: 50,
	},
	{
		number: 1, what: "`ReadDataSource`, 1,000 images: allocated", ours: readMetric("wirestate", "B/op"),
		against: againstStructs, other: readMetric("structs", "B/op"), kind: timesLess, atLeast: 40,
	},
	{
		number: 1, what: "`ReadDataSource`, 1,000 images: allocated", ours: readMetric("wirestate", "B/op"),
		against: againstValues, other: readMetric("values", "B/op"), kind: timesLess,
	},
	{
		number: 1, what: "`pai_image_labels`, 20,000 labels: time per label",
		ours:    metric{"ReadLabels/labels=20000", "label-sec"},
		against: "with 5,000 labels", other: metric{"ReadLabels/labels=5000", "label-sec"}, atMost: 1.3,
	},
	planGoal("terraform"),
	planGoal("tofu"),
	listGoal("client=ours/concurrency=20", "20 concurrent requests", 3.5),
	listGoal("client=ours/concurrency=20/tls", "20 concurrent requests, TLS and HTTP/2", 3.5),
	listGoal("client=ours/concurrency=default", "the default of 8 concurrent requests", 7.5),
	listGoal("client=vendor", "the vendor's client, page by page, one pass", 0),
	sharingGoal("0s", "20 equal `pai_images` lookups"),
	sharingGoal("100ms", "20 equal `pai_images` lookups, 100 ms per request"),
	{
		number: 4, what: "200 `pai_images` lookups, equal requests, 20 per second", ours: metric{rateLimit, "equal-sec"},
		against: "for one lookup", other: metric{rateLimit, "one-sec"}, kind: more, atMost: 2,
		excuse: rateExcuse,
	},
	{
		number: 4, what: "200 `pai_images` lookups, different requests", ours: metric{rateLimit, "different-sec"},
		against: "for one lookup", other: metric{rateLimit, "one-sec"}, kind: more,
	},
	{
		number: 4, what: "what 8 `pai_image` lookups add to a plan", ours: metric{lookups, "eight-sec"},
		against: "for one", other: metric{lookups, "one-sec"}, atMost: 1.1, excuse: lookupsExcuse,
	},
	{
		number: 4, what: "the same, with the floor for blocks 2 to 8", ours: metric{lookups, "least-sec"},
		against: "for one", other: metric{lookups, "one-sec"},
	},
	{
		number: 4, what: "a list of 99 images, with sharing", ours: metric{"SharedClient/client=shared", "sec/op"},
		against: "without sharing", other: metric{"SharedClient/client=plain", "sec/op"}, kind: millisecondsMore, atMost: 15,
	},
	{
		number: 5, what: "peak memory, 1,000 images", ours: metric{"Memory/images=1000", "peak-B"},
		kind: megabytes, atMost: 64, optional: runtime.GOOS != "linux",
	},
	{
		number: 5, what: "peak memory, 10,000 images", ours: metric{"Memory/images=10000", "peak-B"},
		kind: megabytes, atMost: 160, optional: runtime.GOOS != "linux",
	},
	{
		number: 5, what: "start: handshake and schema", ours: metric{"Start", "ours-sec"},
		against: againstEmpty, other: metric{"Start", "empty-sec"}, atMost: 1.15, excuse: startExcuse,
	},
	{
		number: 5, what: "binary, stripped", ours: metric{"Start", "ours-B"},
		against: againstEmpty, other: metric{"Start", "empty-B"}, atMost: 1.2, excuse: sizeExcuse,
	},
}
