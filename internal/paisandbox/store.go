package paisandbox

import (
	"slices"
	"sync"
)

// catalogueStore hands out the images of one moment. The slice inside is replaced, never changed, so that a page is
// made from one state of the catalogue without a lock held.
type catalogueStore struct {
	mu     sync.Mutex
	images []Image
	found  map[string][]*Image // of these images, what queries have found, in order: the pages of a listing ask for the same
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
	c.found = nil
}

// find gives what the query finds, in its order. The images are those of the catalogue, and must not be changed.
func (c *catalogueStore) find(q *listQuery) []*Image {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := q.key()
	found, known := c.found[key]
	if !known {
		found = q.find(c.images)
		if c.found == nil || len(c.found) > 100 {
			c.found = make(map[string][]*Image)
		}
		c.found[key] = found
	}
	return found
}

func cloneImages(images []Image) []Image {
	all := make([]Image, 0, len(images))
	for _, i := range images {
		all = append(all, i.clone())
	}
	return all
}

// Images is a copy of the catalogue.
func (s *Sandbox) Images() []Image { return cloneImages(s.catalogue.snapshot()) }

// SetImages replaces the catalogue.
func (s *Sandbox) SetImages(images []Image) {
	s.Update(func([]Image) []Image { return images })
}

// Update replaces the catalogue by what change makes of it. No request sees a state in between.
func (s *Sandbox) Update(change func([]Image) []Image) { s.catalogue.update(change) }

// Put adds images, or replaces those of the same id.
func (s *Sandbox) Put(images ...Image) {
	s.Update(func(all []Image) []Image {
		for _, i := range images {
			id, known := i.ImageID.Get()
			at := slices.IndexFunc(all, func(old Image) bool {
				other, ok := old.ImageID.Get()
				return known && ok && other == id
			})
			if at < 0 {
				all = append(all, i)
				continue
			}
			all[at] = i
		}
		return all
	})
}

// Remove takes images out by id.
func (s *Sandbox) Remove(ids ...string) {
	s.Update(func(all []Image) []Image {
		return slices.DeleteFunc(all, func(i Image) bool {
			id, ok := i.ImageID.Get()
			return ok && slices.Contains(ids, id)
		})
	})
}
