package paisandbox

import (
	"slices"
	"sync"
)

// store holds the images or the workspaces of the catalogue. Changes replace the slice and never modify it in place, so
// that a response can be created from one state of the catalogue without holding the lock.
type store[T interface{ clone() T }] struct {
	mu      sync.Mutex
	items   []T
	results map[string][]*T // cached matches by key, because all pages of a listing need the same matches
}

func (s *store[T]) snapshot() []T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.items
}

func (s *store[T]) update(change func([]T) []T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = cloneAll(change(cloneAll(s.items)))
	s.results = nil
}

// find returns the result of search for the current items. The key identifies the search. Callers must not modify the
// result.
func (s *store[T]) find(key string, search func([]T) []*T) []*T {
	s.mu.Lock()
	defer s.mu.Unlock()
	matches, ok := s.results[key]
	if !ok {
		matches = search(s.items)
		if s.results == nil || len(s.results) > 100 {
			s.results = make(map[string][]*T)
		}
		s.results[key] = matches
	}
	return matches
}

func cloneAll[T interface{ clone() T }](items []T) []T {
	clones := make([]T, 0, len(items))
	for _, item := range items {
		clones = append(clones, item.clone())
	}
	return clones
}

// Images returns a copy of the catalogue's images.
func (s *Sandbox) Images() []Image { return cloneAll(s.images.snapshot()) }

// SetImages replaces the catalogue's images.
func (s *Sandbox) SetImages(images []Image) {
	s.Update(func([]Image) []Image { return images })
}

// Update replaces the catalogue's images with the result of change. Requests see the images before or after the whole
// change.
func (s *Sandbox) Update(change func([]Image) []Image) { s.images.update(change) }

// Workspaces returns a copy of the catalogue's workspaces.
func (s *Sandbox) Workspaces() []Workspace { return cloneAll(s.workspaces.snapshot()) }

// SetWorkspaces replaces the catalogue's workspaces.
func (s *Sandbox) SetWorkspaces(workspaces []Workspace) {
	s.UpdateWorkspaces(func([]Workspace) []Workspace { return workspaces })
}

// UpdateWorkspaces replaces the catalogue's workspaces with the result of change. Requests see the workspaces before or
// after the whole change.
func (s *Sandbox) UpdateWorkspaces(change func([]Workspace) []Workspace) { s.workspaces.update(change) }

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
