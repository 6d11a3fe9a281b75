package paisandbox

import (
	"fmt"
	"maps"
	"slices"
)

// Watch sees what is in a churn's catalogue from the first request after it began until it ends.
type Watch struct {
	churn   *Churn
	begun   bool
	history History
}

// History is what a Watch has seen.
type History struct {
	stayed   map[string]bool    // ids that were there at every request
	versions map[string][]Image // by id: all that an image was, in order
	Changes  []string           // what happened, in order
}

// Watch begins with the next request. It must be ended.
func (c *Churn) Watch() *Watch {
	w := &Watch{churn: c, history: History{stayed: make(map[string]bool), versions: make(map[string][]Image)}}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watches[w] = struct{}{}
	return w
}

// End gives what the watch has seen.
func (w *Watch) End() *History {
	w.churn.mu.Lock()
	defer w.churn.mu.Unlock()
	delete(w.churn.watches, w)
	return &w.history
}

// see takes the catalogue of the first request whole, and then what has changed before each.
func (w *Watch) see(images []Image, changes []change) {
	h := &w.history
	if !w.begun {
		w.begun = true
		for _, i := range images {
			h.stayed[id(&i)] = true
			h.versions[id(&i)] = []Image{i}
		}
		return
	}
	for _, c := range changes {
		h.Changes = append(h.Changes, c.String())
		if c.after == nil {
			delete(h.stayed, c.id)
			continue
		}
		h.versions[c.id] = append(h.versions[c.id], *c.after)
	}
}

func id(i *Image) string { return i.ImageID.Or("") }

func (c change) String() string {
	switch {
	case c.before == nil:
		return "added " + describeImage(c.after)
	case c.after == nil:
		return "deleted " + describeImage(c.before)
	}
	return fmt.Sprintf("%s became %s", describeImage(c.before), describeImage(c.after))
}

func describeImage(i *Image) string {
	return fmt.Sprintf("%s (%s, %s)", id(i), i.Name.Or(""), i.GmtCreateTime.Or(""))
}

// Stayed are the ids, in order, of the images that were there at every request and met the condition at each: a listing that
// asks for the condition must hold them.
func (h *History) Stayed(meets func(*Image) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(h.stayed)) {
		if !slices.ContainsFunc(h.versions[id], func(i Image) bool { return !meets(&i) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Ever are the ids, in order, of the images that were there at some request and then met the condition: a listing that asks for
// the condition holds no others.
func (h *History) Ever(meets func(*Image) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(h.versions)) {
		if slices.ContainsFunc(h.versions[id], func(i Image) bool { return meets(&i) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Versions are all that an image was while it was there, in order; none where it never was.
func (h *History) Versions(id string) []Image { return h.versions[id] }
