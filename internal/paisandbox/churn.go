package paisandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// ChurnOptions configures a Churn.
type ChurnOptions struct {
	Seed       uint64
	Images     int     // number of images at the start; the number later stays near this value
	Likelihood float64 // probability of a change before each request, from 0 to 1
}

// Churn changes the catalogue while clients list it. Before the sandbox handles a request, Churn may delete, add and
// rename images and change their creation times, several at once. It never uses the ID of a deleted image again. Any
// number of listings may run, one after another or concurrently. The History of a Watch returns which images a listing
// may and must contain.
//
// The changes depend on the seed and on the number of earlier requests. If clients send requests concurrently, the
// order of the requests may differ between two runs with the same seed, and so may the responses.
type Churn struct {
	sandbox    *Sandbox
	size       int
	likelihood float64

	mu      sync.Mutex
	random  *rand.Rand
	serial  int // makes every name, ID and modification time unique
	images  []Image
	watches map[*Watch]struct{}
}

// StartChurn replaces the catalogue with generated images and changes them from the next request on. After this call,
// nothing else may change the catalogue.
func (s *Sandbox) StartChurn(o ChurnOptions) *Churn {
	c := &Churn{
		sandbox: s, size: o.Images, likelihood: o.Likelihood,
		random:  rand.New(rand.NewPCG(o.Seed, 0x636875726e)), //nolint:gosec // must be repeatable, and protects nothing
		watches: make(map[*Watch]struct{}),
	}
	for range o.Images {
		c.images = append(c.images, c.newImage())
	}
	s.SetImages(c.images)
	s.AddFault(Fault{Do: Call(func(*Sandbox) { c.step() })})
	return c
}

// step changes the catalogue before a request. All changes take effect at once.
func (c *Churn) step() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var changes []imageChange
	if c.random.Float64() < c.likelihood {
		for more := true; more; more = c.random.IntN(4) == 0 {
			changes = append(changes, c.change()...)
		}
		c.sandbox.SetImages(c.images)
	}
	changes = mergeChanges(changes)
	for w := range c.watches {
		w.record(c.images, changes)
	}
}

// imageChange is a change of one image. For an added image before is nil, for a deleted image after is nil.
type imageChange struct {
	id            string
	before, after *Image
}

// mergeChanges merges the changes of each image into one. It drops an image that was added and then deleted.
func mergeChanges(changes []imageChange) []imageChange {
	var merged []imageChange
	for _, c := range changes {
		at := slices.IndexFunc(merged, func(earlier imageChange) bool { return earlier.id == c.id })
		if at < 0 {
			merged = append(merged, c)
			continue
		}
		merged[at].after = c.after
	}
	return slices.DeleteFunc(merged, func(c imageChange) bool { return c.before == nil && c.after == nil })
}

// change applies a random change to the images and returns it. It may instead apply two changes that together keep the
// number of images.
func (c *Churn) change() []imageChange {
	few, many := len(c.images) <= c.size*3/4, len(c.images) >= c.size*5/4+1
	switch kind := c.random.IntN(6); {
	case len(c.images) == 0, kind == 0 && !many:
		return []imageChange{c.add()}
	case kind <= 1 && !few:
		return []imageChange{c.remove()}
	case kind <= 3:
		return []imageChange{c.remove(), c.add()}
	case kind == 4 && c.random.IntN(2) == 0:
		return []imageChange{c.modify(c.randomIndex(), c.rename)}
	case kind == 4:
		return c.swapNames()
	}
	return []imageChange{c.modify(c.randomIndex(), c.setCreationTime)}
}

func (c *Churn) randomIndex() int { return c.random.IntN(len(c.images)) }

func (c *Churn) add() imageChange {
	added := c.newImage()
	c.images = append(c.images, added)
	return imageChange{id: idOf(&added), after: &added}
}

func (c *Churn) remove() imageChange {
	at := c.randomIndex()
	removed := c.images[at]
	c.images = slices.Delete(c.images, at, at+1)
	return imageChange{id: idOf(&removed), before: &removed}
}

// swapNames exchanges the names of two images. If a filter matches only one of the names, one image replaces the other
// among the matches.
func (c *Churn) swapNames() []imageChange {
	first, second := c.randomIndex(), c.randomIndex()
	firstName, secondName := c.images[first].Name, c.images[second].Name
	setName := func(name Field[string]) func(*Image) {
		return func(i *Image) {
			i.Name = name
			c.setModified(i)
		}
	}
	return []imageChange{c.modify(first, setName(secondName)), c.modify(second, setName(firstName))}
}

func (c *Churn) modify(at int, edit func(*Image)) imageChange {
	before := c.images[at]
	after := before.With(edit)
	c.images[at] = after
	return imageChange{id: idOf(&before), before: &before, after: &after}
}

// The values of generated images. Each appears in some images only, so that every filter matches some images and
// excludes others.
var (
	churnWords        = []string{"red", "green", "blue"}
	churnChips        = []string{"GPU", "CPU"}
	churnFrameworks   = []string{"PyTorch", "TensorFlow"}
	churnServices     = []string{"dlc", "dsw", "eas"}
	churnRepositories = []string{"training", "inference"}
	churnVariants     = []string{"", "-gpu", "-cpu"}

	churnEpoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
)

// ChurnWorkspace is the workspace ID of a Churn's custom images.
const ChurnWorkspace = "20455"

// newImage returns an image with a new ID. Three quarters of the images are official. Repositories, versions, variants
// and creation times are not unique. The tag ends in eight hexadecimal digits that are unique, as in rebuilds of one
// variant.
func (c *Churn) newImage() Image {
	c.serial++
	version := fmt.Sprintf("1.%d.0", c.random.IntN(8))
	uri := fmt.Sprintf("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/%s:%s%s-%08x",
		c.randomWord(churnRepositories), version, c.randomWord(churnVariants), c.serial)
	labels := []Label{
		L("system.chipType", c.randomWord(churnChips)),
		L("system.framework."+c.randomWord(churnFrameworks), version),
		L("system.supported."+c.randomWord(churnServices), "true"),
	}
	image := Official(uri, labels...)
	if c.random.IntN(4) == 0 {
		image = Custom(ChurnWorkspace, uri, labels...)
	}
	return image.With(c.rename, c.setCreationTime)
}

func (c *Churn) randomWord(words []string) string { return words[c.random.IntN(len(words))] }

// rename sets a new, unique name that contains one of churnWords.
func (c *Churn) rename(i *Image) {
	c.serial++
	i.Name = Value(fmt.Sprintf("%s-%d", c.randomWord(churnWords), c.serial))
	c.setModified(i)
}

// setCreationTime sets a creation time that other images may also have. It usually changes the position of the image in
// a list.
func (c *Churn) setCreationTime(i *Image) {
	hours := c.random.IntN(max(1, c.size/3))
	i.GmtCreateTime = Value(churnEpoch.Add(time.Duration(hours) * time.Hour).Format(timeFormat))
	c.setModified(i)
}

// setModified sets a unique modification time.
func (c *Churn) setModified(i *Image) {
	c.serial++
	i.GmtModifiedTime = Value(churnEpoch.AddDate(1, 0, 0).Add(time.Duration(c.serial) * time.Second).Format(timeFormat))
}
