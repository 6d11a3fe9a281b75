package paisandbox

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// ChurnOptions says what a churn is like.
type ChurnOptions struct {
	Seed       uint64
	Images     int     // in the beginning; later their number stays near it
	Likelihood float64 // of a change before a request, 0 to 1
}

// Churn is a catalogue that never rests. Before any request is answered, images may be deleted, added, renamed and re-timed,
// several at once, too. An id that is gone doesn't come back. It serves any number of listings, one after the other or side by
// side, and each has a Watch of its own that tells what it may and must hold.
//
// The changes follow from the seed and from how many requests came before. Which request comes when is the client's affair:
// where it sends several at once, the same seed need not lead to the same answers.
type Churn struct {
	sandbox    *Sandbox
	typical    int
	likelihood float64

	mu      sync.Mutex // requests come side by side
	random  *rand.Rand
	drawn   int // so that nothing is drawn twice
	images  []Image
	watches map[*Watch]struct{}
}

// StartChurn replaces the catalogue by one of the churn's own, and changes it from the next request on. From then on the
// catalogue is the churn's alone.
func (s *Sandbox) StartChurn(o ChurnOptions) *Churn {
	c := &Churn{
		sandbox: s, typical: o.Images, likelihood: o.Likelihood,
		random:  rand.New(rand.NewPCG(o.Seed, 0x636875726e)), //nolint:gosec // repeats from a seed, and guards nothing
		watches: make(map[*Watch]struct{}),
	}
	for range o.Images {
		c.images = append(c.images, c.draw())
	}
	s.SetImages(c.images)
	s.AddFault(Fault{Do: Change(func(*Sandbox) { c.step() })})
	return c
}

// step is what happens before one request. No request sees half of it.
func (c *Churn) step() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var changes []change
	if c.random.Float64() < c.likelihood {
		for again := true; again; again = c.random.IntN(4) == 0 {
			changes = append(changes, c.change()...)
		}
		c.sandbox.SetImages(c.images)
	}
	changes = merged(changes)
	for w := range c.watches {
		w.see(c.images, changes)
	}
}

// change is what happened to one image: before is missing where it was added, after where it was deleted.
type change struct {
	id            string
	before, after *Image
}

// change makes one change, or two that no count tells: one image takes the place of another.
func (c *Churn) change() []change {
	few, many := len(c.images) <= c.typical*3/4, len(c.images) >= c.typical*5/4+1
	switch what := c.random.IntN(6); {
	case len(c.images) == 0, what == 0 && !many:
		return []change{c.add()}
	case what <= 1 && !few:
		return []change{c.remove()}
	case what <= 3:
		return []change{c.remove(), c.add()}
	case what == 4 && c.random.IntN(2) == 0:
		return []change{c.modify(c.anyone(), c.rename)}
	case what == 4:
		return c.exchange()
	}
	return []change{c.modify(c.anyone(), c.retime)}
}

func (c *Churn) anyone() int { return c.random.IntN(len(c.images)) }

// merged makes one change of several to one image, and none of an image that no request has seen.
func merged(changes []change) []change {
	var all []change
	for _, one := range changes {
		at := slices.IndexFunc(all, func(earlier change) bool { return earlier.id == one.id })
		if at < 0 {
			all = append(all, one)
			continue
		}
		all[at].after = one.after
	}
	return slices.DeleteFunc(all, func(c change) bool { return c.before == nil && c.after == nil })
}

func (c *Churn) add() change {
	added := c.draw()
	c.images = append(c.images, added)
	return change{id: id(&added), after: &added}
}

func (c *Churn) remove() change {
	at := c.anyone()
	gone := c.images[at]
	c.images = slices.Delete(c.images, at, at+1)
	return change{id: id(&gone), before: &gone}
}

// exchange gives two images each the other's name: among those of one word, one takes the place of another.
func (c *Churn) exchange() []change {
	one, other := c.anyone(), c.anyone()
	names := [2]Field[string]{c.images[one].Name, c.images[other].Name}
	named := func(name Field[string]) func(*Image) {
		return func(i *Image) {
			i.Name = name
			c.modified(i)
		}
	}
	return []change{c.modify(one, named(names[1])), c.modify(other, named(names[0]))}
}

func (c *Churn) modify(at int, how func(*Image)) change {
	before := c.images[at]
	after := before.With(how)
	c.images[at] = after
	return change{id: id(&before), before: &before, after: &after}
}
