package paisandbox

import (
	"fmt"
	"maps"
	"slices"
)

// Watch records the catalogue at every request, from the call of Churn.Watch until End is called.
type Watch struct {
	churn   *Churn
	started bool
	history History
}

// History is what a Watch recorded.
type History struct {
	stayed   map[string]bool    // IDs that were in the catalogue at every request
	versions map[string][]Image // the states of each image by ID, in order
	Changes  []string           // a description of each change, in order
}

// Watch starts to record at the next request. The caller must call End.
func (c *Churn) Watch() *Watch {
	w := &Watch{churn: c, history: History{stayed: make(map[string]bool), versions: make(map[string][]Image)}}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watches[w] = struct{}{}
	return w
}

// End stops recording and returns the history.
func (w *Watch) End() *History {
	w.churn.mu.Lock()
	defer w.churn.mu.Unlock()
	delete(w.churn.watches, w)
	return &w.history
}

// record records the whole catalogue at the first request, and only the changes at later requests.
func (w *Watch) record(images []Image, changes []imageChange) {
	h := &w.history
	if !w.started {
		w.started = true
		for _, i := range images {
			h.stayed[idOf(&i)] = true
			h.versions[idOf(&i)] = []Image{i}
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

// AlwaysMatched returns the sorted IDs of the images that existed and matched at every request. A listing with the same
// filter must contain all of them.
func (h *History) AlwaysMatched(match func(*Image) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(h.stayed)) {
		if !slices.ContainsFunc(h.versions[id], func(i Image) bool { return !match(&i) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// EverMatched returns the sorted IDs of the images that matched at least at one request. A listing with the same filter
// must contain no other images.
func (h *History) EverMatched(match func(*Image) bool) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(h.versions)) {
		if slices.ContainsFunc(h.versions[id], func(i Image) bool { return match(&i) }) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Versions returns the states of an image in order. It returns nil if the catalogue never contained the image.
func (h *History) Versions(id string) []Image { return h.versions[id] }

func idOf(i *Image) string { return i.ImageID.Or("") }

func (c imageChange) String() string {
	switch {
	case c.before == nil:
		return "added " + describeImage(c.after)
	case c.after == nil:
		return "deleted " + describeImage(c.before)
	}
	return fmt.Sprintf("changed %s to %s", describeImage(c.before), describeImage(c.after))
}

func describeImage(i *Image) string {
	return fmt.Sprintf("%s (%s, %s)", idOf(i), i.Name.Or(""), i.GmtCreateTime.Or(""))
}
