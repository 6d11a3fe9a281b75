// Package churn changes the images or the workspaces of a sandbox while clients list them.
package churn

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// Options configures a Churn.
type Options struct {
	Seed       uint64
	Items      int     // number of images or workspaces at the start; the number later stays near this value
	Likelihood float64 // probability of a change before each request, from 0 to 1
}

// Churn changes the images or the workspaces of a sandbox while clients list them. Before the sandbox handles a
// request, Churn may delete, add and rename items and change their creation times, several at once. It never uses the
// ID of a deleted item again. Any number of listings may run, one after another or concurrently. The History of a Watch
// returns which items a listing may and must contain.
//
// The changes depend on the seed and on the number of earlier requests. If clients send requests concurrently, the
// order of the requests may differ between two runs with the same seed, and so may the responses.
type Churn[T any] struct {
	kind[T]
	size       int
	likelihood float64

	mu      sync.Mutex
	random  *rand.Rand
	serial  int // makes every name, ID and modification time unique
	items   []T
	watches map[*Watch[T]]struct{}
}

// kind has what differs between images and workspaces.
type kind[T any] struct {
	replace    func([]T)                       // replaces the items of the sandbox
	create     func(c *Churn[T], serial int) T // creates an item; the serial number makes its ID unique
	fields     func(*T) fields
	nameFormat string // format of a name that consists of a word and a serial number
}

// fields are the fields of an item that a Churn reads or changes.
type fields struct {
	id, name, created, modified *paisandbox.Field[string]
}

func start[T any](s *paisandbox.Sandbox, o Options, k kind[T]) *Churn[T] {
	c := &Churn[T]{
		kind: k, size: o.Items, likelihood: o.Likelihood,
		random:  rand.New(rand.NewPCG(o.Seed, 0x636875726e)), //nolint:gosec // must be repeatable, and protects nothing
		watches: make(map[*Watch[T]]struct{}),
	}
	for range o.Items {
		c.items = append(c.items, c.newItem())
	}
	c.replace(c.items)
	s.AddFault(paisandbox.Fault{Do: paisandbox.Call(func(*paisandbox.Sandbox) { c.step() })})
	return c
}

// step changes the items before a request. All changes take effect at once.
func (c *Churn[T]) step() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var changes []itemChange[T]
	if c.random.Float64() < c.likelihood {
		for more := true; more; more = c.random.IntN(4) == 0 {
			changes = append(changes, c.change()...)
		}
		c.replace(c.items)
	}
	changes = mergeChanges(changes)
	for w := range c.watches {
		w.record(c.items, changes)
	}
}

// itemChange is a change of one item. For an added item before is nil, for a deleted item after is nil.
type itemChange[T any] struct {
	id            string
	before, after *T
}

// mergeChanges merges the changes of each item into one. It drops an item that was added and then deleted.
func mergeChanges[T any](changes []itemChange[T]) []itemChange[T] {
	var merged []itemChange[T]
	for _, c := range changes {
		at := slices.IndexFunc(merged, func(earlier itemChange[T]) bool { return earlier.id == c.id })
		if at < 0 {
			merged = append(merged, c)
			continue
		}
		merged[at].after = c.after
	}
	return slices.DeleteFunc(merged, func(c itemChange[T]) bool { return c.before == nil && c.after == nil })
}

// change applies a random change to the items and returns it. It may instead apply two changes that together keep the
// number of items.
func (c *Churn[T]) change() []itemChange[T] {
	few, many := len(c.items) <= c.size*3/4, len(c.items) >= c.size*5/4+1
	switch choice := c.random.IntN(6); {
	case len(c.items) == 0, choice == 0 && !many:
		return []itemChange[T]{c.add()}
	case choice <= 1 && !few:
		return []itemChange[T]{c.remove()}
	case choice <= 3:
		return []itemChange[T]{c.remove(), c.add()}
	case choice == 4 && c.random.IntN(2) == 0:
		return []itemChange[T]{c.modify(c.randomIndex(), c.setName)}
	case choice == 4:
		return c.swapNames()
	}
	return []itemChange[T]{c.modify(c.randomIndex(), c.setCreationTime)}
}

func (c *Churn[T]) randomIndex() int { return c.random.IntN(len(c.items)) }

func (c *Churn[T]) randomWord(words []string) string { return words[c.random.IntN(len(words))] }

func (c *Churn[T]) idOf(item *T) string { return c.fields(item).id.Or("") }

func (c *Churn[T]) add() itemChange[T] {
	added := c.newItem()
	c.items = append(c.items, added)
	return itemChange[T]{id: c.idOf(&added), after: &added}
}

// newItem returns an item with a new ID and a new name.
func (c *Churn[T]) newItem() T {
	c.serial++
	item := c.create(c, c.serial)
	c.setName(c.fields(&item))
	c.setCreationTime(c.fields(&item))
	return item
}

func (c *Churn[T]) remove() itemChange[T] {
	at := c.randomIndex()
	removed := c.items[at]
	c.items = slices.Delete(c.items, at, at+1)
	return itemChange[T]{id: c.idOf(&removed), before: &removed}
}

// swapNames exchanges the names of two items. If a filter matches only one of the names, one item replaces the other
// among the matches.
func (c *Churn[T]) swapNames() []itemChange[T] {
	first, second := c.randomIndex(), c.randomIndex()
	firstName, secondName := *c.fields(&c.items[first]).name, *c.fields(&c.items[second]).name
	changeTo := func(name paisandbox.Field[string]) func(fields) {
		return func(f fields) {
			*f.name = name
			c.setModified(f)
		}
	}
	return []itemChange[T]{c.modify(first, changeTo(secondName)), c.modify(second, changeTo(firstName))}
}

func (c *Churn[T]) modify(at int, edit func(fields)) itemChange[T] {
	before, after := c.items[at], c.items[at]
	edit(c.fields(&after))
	c.items[at] = after
	return itemChange[T]{id: c.idOf(&before), before: &before, after: &after}
}

var (
	words = []string{"red", "green", "blue"}
	epoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
)

// setName sets a new, unique name that contains one of the words.
func (c *Churn[T]) setName(f fields) {
	c.serial++
	*f.name = paisandbox.Value(fmt.Sprintf(c.nameFormat, c.randomWord(words), c.serial))
	c.setModified(f)
}

// setCreationTime sets a creation time that other items may also have. It usually changes the position of the item in a
// list.
func (c *Churn[T]) setCreationTime(f fields) {
	hours := c.random.IntN(max(1, c.size/3))
	*f.created = timeField(epoch.Add(time.Duration(hours) * time.Hour))
	c.setModified(f)
}

// setModified sets a unique modification time.
func (c *Churn[T]) setModified(f fields) {
	c.serial++
	*f.modified = timeField(epoch.AddDate(1, 0, 0).Add(time.Duration(c.serial) * time.Second))
}

func timeField(t time.Time) paisandbox.Field[string] {
	return paisandbox.Value(t.Format("2006-01-02T15:04:05.000Z"))
}
