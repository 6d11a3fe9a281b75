package paisandbox

import (
	"slices"
	"sync"
)

// catalogueStore holds the images of the catalogue. Changes replace the slice and never modify it in place, so that a
// response can be created from one state of the catalogue without holding the lock.
type catalogueStore struct {
	mu      sync.Mutex
	images  []Image
	results map[string][]*Image // cached matches by listQuery.key, because all pages of a listing need the same matches
}

func (c *catalogueStore) snapshot() []Image {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.images
}

func (c *catalogueStore) update(change func([]Image) []Image) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.images = cloneImages(change(cloneImages(c.images)))
	c.results = nil
}

// find returns the images that match the query, in the order of the query. Callers must not modify them.
func (c *catalogueStore) find(q *listQuery) []*Image {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := q.key()
	matches, ok := c.results[key]
	if !ok {
		matches = q.find(c.images)
		if c.results == nil || len(c.results) > 100 {
			c.results = make(map[string][]*Image)
		}
		c.results[key] = matches
	}
	return matches
}

func cloneImages(images []Image) []Image {
	clones := make([]Image, 0, len(images))
	for _, i := range images {
		clones = append(clones, i.clone())
	}
	return clones
}

// Images returns a copy of the catalogue.
func (s *Sandbox) Images() []Image { return cloneImages(s.catalogue.snapshot()) }

// SetImages replaces the catalogue.
func (s *Sandbox) SetImages(images []Image) {
	s.Update(func([]Image) []Image { return images })
}

// Update replaces the catalogue with the result of change. Requests see the catalogue before or after the whole change.
func (s *Sandbox) Update(change func([]Image) []Image) { s.catalogue.update(change) }

// Put adds images to the catalogue. If the catalogue contains an image with the same ID, Put replaces that image.
func (s *Sandbox) Put(images ...Image) {
	s.Update(func(all []Image) []Image {
		for _, i := range images {
			at := slices.IndexFunc(all, func(other Image) bool { return sameID(i, other) })
			if at < 0 {
				all = append(all, i)
				continue
			}
			all[at] = i
		}
		return all
	})
}

// sameID reports whether both images have the same ID. It returns false for images without an ID.
func sameID(a, b Image) bool {
	aID, ok := a.ImageID.Get()
	bID, bOK := b.ImageID.Get()
	return ok && bOK && aID == bID
}

// Remove removes the images with these IDs from the catalogue.
func (s *Sandbox) Remove(ids ...string) {
	s.Update(func(all []Image) []Image {
		return slices.DeleteFunc(all, func(i Image) bool {
			id, ok := i.ImageID.Get()
			return ok && slices.Contains(ids, id)
		})
	})
}
