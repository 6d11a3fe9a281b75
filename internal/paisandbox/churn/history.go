package churn

import (
	"fmt"
	"maps"
	"slices"
)

// Watch records the items at every request, from the call of Churn.Watch until End is called.
type Watch[T any] struct {
	churn   *Churn[T]
	started bool
	history History[T]
}

// History is what a Watch recorded.
type History[T any] struct {
	stayed   map[string]bool // IDs that existed at every request
	versions map[string][]T  // the states of each item by ID, in order
	Changes  []string        // a description of each change, in order
}

// Watch starts to record at the next request. The caller must call End.
func (c *Churn[T]) Watch() *Watch[T] {
	w := &Watch[T]{
		churn: c, history: History[T]{stayed: make(map[string]bool), versions: make(map[string][]T)},
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watches[w] = struct{}{}
	return w
}

// End stops recording and returns the history.
func (w *Watch[T]) End() *History[T] {
	w.churn.mu.Lock()
	defer w.churn.mu.Unlock()
	delete(w.churn.watches, w)
	return &w.history
}

// record records all items at the first request, and only the changes at later requests.
func (w *Watch[T]) record(items []T, changes []itemChange[T]) {
	h := &w.history
	if !w.started {
		w.started = true
		for _, item := range items {
			id := w.churn.idOf(&item)
			h.stayed[id], h.versions[id] = true, []T{item}
		}
		return
	}
	for _, c := range changes {
		h.Changes = append(h.Changes, w.churn.describe(c))
		if c.after == nil {
			delete(h.stayed, c.id)
			continue
		}
		h.versions[c.id] = append(h.versions[c.id], *c.after)
	}
}

// AlwaysMatched returns the sorted IDs of the items that existed and matched at every request. A listing with the same
// filter must contain all of them.
func (h *History[T]) AlwaysMatched(match func(*T) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(h.stayed)) {
		if !slices.ContainsFunc(h.versions[id], func(item T) bool { return !match(&item) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// EverMatched returns the sorted IDs of the items that matched at least at one request. A listing with the same filter
// must contain no other items.
func (h *History[T]) EverMatched(match func(*T) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(h.versions)) {
		if slices.ContainsFunc(h.versions[id], func(item T) bool { return match(&item) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Versions returns the states of an item in order. It returns nil if the item never existed.
func (h *History[T]) Versions(id string) []T { return h.versions[id] }

func (c *Churn[T]) describe(change itemChange[T]) string {
	switch {
	case change.before == nil:
		return "added " + c.describeItem(change.after)
	case change.after == nil:
		return "deleted " + c.describeItem(change.before)
	}
	return fmt.Sprintf("changed %s to %s", c.describeItem(change.before), c.describeItem(change.after))
}

func (c *Churn[T]) describeItem(item *T) string {
	f := c.fields(item)
	return fmt.Sprintf("%s (%s, %s)", f.id.Or(""), f.name.Or(""), f.created.Or(""))
}
