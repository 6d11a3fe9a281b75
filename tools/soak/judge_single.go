package main

import (
	"cmp"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// single judges the one image that pai_image gave.
func (j *judge) single() {
	state := j.answer.state
	id := text(state, "image_id")
	image := j.once(id, state)
	matched := number(state, "matched_count")
	if j.byID != "" {
		if id != j.byID || matched != 1 {
			j.say("%s instead of %s, matched_count %d", id, j.byID, matched)
		}
		return
	}
	stayed, ever := j.history.AlwaysMatched(j.meets), j.history.EverMatched(j.meets)
	if matched > len(ever) || matched < len(stayed) && !j.warned {
		j.say("matched_count %d, but %d to %d met the conditions", matched, len(stayed), len(ever))
	}
	choice := j.compare()
	switch {
	case image == nil || j.warned:
	case choice == nil && matched != 1:
		j.say("one was taken of %d", matched)
	case choice != nil:
		for _, other := range stayed { // each was at least what it was at its least
			least := slices.MinFunc(j.history.Versions(other), func(a, b paisandbox.Image) int { return choice(&a, &b) })
			if other != id && choice(&least, image) > 0 {
				j.say("%s was chosen, and %s was better all along", id, other)
			}
		}
	}
}

// compare is the order of which the choice is the last; nil where there is no choice.
func (j *judge) compare() func(a, b *paisandbox.Image) int {
	age := func(a, b *paisandbox.Image) int {
		return cmp.Or(strings.Compare(a.GmtCreateTime.Or(""), b.GmtCreateTime.Or("")), strings.Compare(a.ImageID.Or(""), b.ImageID.Or("")))
	}
	switch {
	case j.asks("most_recent"):
		return age
	case j.asks("latest_version"):
		return func(a, b *paisandbox.Image) int {
			return cmp.Or(cmp.Compare(version(a, j.framework), version(b, j.framework)), age(a, b))
		}
	}
	return nil
}

// refusal judges an error that is an answer by itself, and says whether it is one.
func (j *judge) refusal() bool {
	stayed, ever := len(j.history.AlwaysMatched(j.meets)), len(j.history.EverMatched(j.meets))
	first := j.answer.errors[0]
	switch first.Summary {
	case noneMatches:
		if stayed > 0 && !j.warned {
			j.say("none matches, though %d did all along", stayed)
		}
	case severalMatch:
		if ever < 2 || j.compare() != nil {
			j.say("several match, though %d did at any time", ever)
		}
	case noSuchID:
		if len(j.history.AlwaysMatched(j.is)) > 0 {
			j.say("%s was there all along", j.byID)
		}
	case isSomethingElse:
		if len(j.history.EverMatched(j.is)) == 0 || len(j.history.AlwaysMatched(func(i *paisandbox.Image) bool { return j.is(i) && j.meets(i) })) > 0 {
			j.say("%s is said not to be what it was all along", j.byID)
		}
	default:
		return false
	}
	return true
}

func (j *judge) is(i *paisandbox.Image) bool { return i.ImageID.Or("") == j.byID }
