package selection_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// readCatalogue is a catalogue with the naive reading of each image.
type readCatalogue struct {
	images []pai.Image
	read   map[string][]naiveImage // by framework
	groups map[string][]int        // indexes of images, by the keys that groupKey returns
}

// theCatalogue returns the catalogue that all tests share.
var theCatalogue = sync.OnceValue(func() *readCatalogue {
	c := &readCatalogue{
		images: newGenerator(0).catalogue(catalogueSize),
		read:   make(map[string][]naiveImage), groups: make(map[string][]int),
	}
	for _, framework := range []string{"", torch} {
		for i := range c.images {
			c.read[framework] = append(c.read[framework], readNaively(&c.images[i], framework))
			for kind := range groupKinds {
				key := c.groupKey(framework, kind, i)
				c.groups[key] = append(c.groups[key], i)
			}
		}
	}
	return c
})

const groupKinds = 6

// groupKey returns a key that is equal for images that have something in common. The kind says what this is. Selections
// from such groups make every outcome frequent.
func (c *readCatalogue) groupKey(framework string, kind, i int) string {
	n, v := c.read[framework][i], c.read[framework][i].version
	if v == nil {
		return fmt.Sprint(framework, " no version")
	}
	switch kind {
	case 0:
		return fmt.Sprint(framework, " versions")
	case 1:
		return fmt.Sprint(framework, n.family)
	case 2:
		return fmt.Sprint(framework, n.family, v.calendar)
	case 3:
		return fmt.Sprint(framework, n.family, v.calendar, v.isPreRelease())
	case 4:
		return fmt.Sprint(framework, n.family, v.calendar, v.numbers)
	default:
		return fmt.Sprint(framework, n.family, v.calendar, n.variant)
	}
}

// selectionCase is a selection of one of some images.
type selectionCase struct {
	images      []int // indexes in the catalogue
	framework   string
	constraints []naiveConstraint // nil for none
	anyVariant  bool
}

// selectionCase returns a random selection, mostly of images that have something in common.
func (g generator) selectionCase(c *readCatalogue) selectionCase {
	s := selectionCase{framework: g.oneOf("", torch), anyVariant: g.isOneOf(5)}
	first := g.IntN(len(c.images))
	for c.read[s.framework][first].version == nil && !g.isOneOf(8) {
		first = g.IntN(len(c.images))
	}
	if g.isOneOf(3) {
		s.constraints = g.constraints(c.read[s.framework][first].version)
	}
	s.images = []int{first}
	group := c.groups[c.groupKey(s.framework, g.IntN(groupKinds), first)]
	for range g.IntN(10) {
		i := group[g.IntN(len(group))]
		if g.isOneOf(100) {
			i = g.IntN(len(c.images))
		}
		if !slices.Contains(s.images, i) {
			s.images = append(s.images, i)
		}
	}
	return s
}

// run returns the outcomes of the selection by the package and by the naive implementation.
func (s selectionCase) run(t *testing.T, c *readCatalogue) (got, want outcome) {
	t.Helper()
	var images []pai.Image
	var read []naiveImage
	var constraints selection.Constraints
	if s.constraints != nil {
		constraints = parseConstraints(t, s.constraints)
	}
	for _, i := range s.images {
		naive := c.read[s.framework][i]
		if s.constraints == nil || constraints.Allow(selection.ParseImage(&c.images[i], s.framework).Version) {
			images = append(images, c.images[i])
		}
		if s.constraints == nil || naiveAllows(s.constraints, naive.version) {
			read = append(read, naive)
		}
	}
	image, err := selection.Highest(images, selection.HighestOptions{
		Framework: s.framework, PreReleases: s.constraints != nil, AnyVariant: s.anyVariant,
	})
	return outcomeOf(t, image, err), naiveHighest(read, s.constraints != nil, s.anyVariant)
}

// shrink removes images and constraints from the selection for as long as the outcomes differ.
func (s selectionCase) shrink(t *testing.T, c *readCatalogue) selectionCase {
	t.Helper()
	for i := range s.images {
		smaller := s
		smaller.images = slices.Delete(slices.Clone(s.images), i, i+1)
		if got, want := smaller.run(t, c); got != want {
			return smaller.shrink(t, c)
		}
	}
	return s
}

func (s selectionCase) describe(c *readCatalogue) string {
	var b strings.Builder
	fmt.Fprintf(&b, "framework %q, version %q, any variant %t", s.framework, constraintText(s.constraints), s.anyVariant)
	for _, i := range s.images {
		fmt.Fprintf(&b, "\n\t%s", encode(&c.images[i]))
		if v := c.read[s.framework][i].version; v != nil {
			fmt.Fprintf(&b, "\n\t\tversion %s, variant %q", v.text, c.read[s.framework][i].variant)
		}
	}
	return b.String()
}
