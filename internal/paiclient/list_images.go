package paiclient

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Orders of a listing by creation time. Descending is the exact reverse of ascending, equal times included.
const (
	SortByCreated = "GmtCreateTime"
	Ascending     = "ASC"
	Descending    = "DESC"
)

// MaxPageSize is the largest page that is asked for. No maximum is published; the vendor's own tools ask for no more.
const MaxPageSize = 100

// maxPasses bounds how often a listing is made until two passes agree.
const maxPasses = 4

// defaultPageSizes are tried in turn while the service refuses them.
var defaultPageSizes = []int{MaxPageSize, 50, 20}

// ListImagesInput are the parameters of ListImages under the API's names. An empty one is not sent.
type ListImagesInput struct {
	Name          string            // part of the name
	Query         string            // part of the name or the description
	Labels        map[string]string // all must hold; AnyValue: has the key
	ImageURI      string
	WorkspaceID   string // this workspace's own images; empty finds the official ones
	Accessibility string // PUBLIC or PRIVATE
	SortBy        string // empty: SortByCreated, the API's only one
	Order         string // empty: Ascending
	Verbose       bool   // with labels
	PageSize      int    // 1 to MaxPageSize; 0: the largest that the service takes
	PageNumber    int    // only this page, from 1; 0: every page
}

func (input ListImagesInput) sortBy() string { return cmp.Or(input.SortBy, SortByCreated) }
func (input ListImagesInput) order() string  { return cmp.Or(input.Order, Ascending) }

// Listing is the answer to ListImages.
type Listing struct {
	Images     []Image    // distinct, ordered as asked, ties by id
	TotalCount *int64     // what the API counts; nil where it gave no count
	Unsettled  *Unsettled // nil where the listing is known to be whole
	Short      *Short     // of one page that was wanted: nil where it holds what its number and size promise
}

// Short says that the service gave a page of less than was asked for: another size means other images under the number.
type Short struct {
	Asked int
	Given int
}

// Unsettled says that the API's answers never agreed: images may be missing.
type Unsettled struct {
	Passes  int    // over all pages
	Counted *int64 // by the API; nil where it gave no count
	Listed  int    // distinct images that the last pass found
}

// ListImages lists every image that the parameters select, or the one page that they name. Pages are fetched side by
// side. More than one page is read again until two passes in a row show the same images and every count is the number
// of them: without that, an image deleted meanwhile moves another one to a page that was read already.
//
// Errors are *APIError, *ResponseError, *TransportError, *CredentialsError and *InterruptedError; a label that can't
// be asked for is an error before anything is sent.
func (c *Client) ListImages(ctx context.Context, input ListImagesInput) (*Listing, error) {
	begun := time.Now()
	listing, err := c.listImages(ctx, input)
	var interrupted *InterruptedError
	if errors.As(err, &interrupted) { // the request that was under way had perhaps only begun
		interrupted.After = time.Since(begun)
	}
	return listing, err
}

func (c *Client) listImages(ctx context.Context, input ListImagesInput) (*Listing, error) {
	first, size, err := c.firstPage(ctx, input)
	if err != nil {
		return nil, err
	}
	if input.PageNumber > 0 {
		only := newPass(size)
		only.add(input.PageNumber, first)
		listing := only.listing(input)
		listing.Short = shortPage(input, first)
		return listing, nil
	}
	previous, err := c.readPass(ctx, input, passPlan{size: size, verbose: input.Verbose, first: &first})
	if err != nil {
		return nil, err
	}
	if previous.isOneWholePage() {
		return previous.listing(input), nil
	}
	for number := 2; number <= maxPasses; number++ {
		// Labels are wanted once in every two passes, and in the last, which is the answer if nothing settles.
		verbose := input.Verbose && number != 2
		next, err := c.readPass(ctx, input, passPlan{size: previous.size, verbose: verbose, expect: previous.pages()})
		if err != nil {
			return nil, err
		}
		if previous.agrees(next) {
			if input.Verbose && !verbose {
				next = previous
			}
			return next.listing(input), nil
		}
		previous = next
	}
	listing := previous.listing(input)
	listing.Unsettled = &Unsettled{Passes: maxPasses, Counted: listing.TotalCount, Listed: len(listing.Images)}
	return listing, nil
}

// firstPage fetches page 1, or the one page that is wanted, and gives the size that the service took. A size that
// the caller didn't choose is made smaller while the service refuses the parameters.
func (c *Client) firstPage(ctx context.Context, input ListImagesInput) (page, int, error) {
	sizes := defaultPageSizes
	if input.PageSize > 0 {
		sizes = []int{input.PageSize}
	}
	number := max(1, input.PageNumber)
	var refused error
	for _, size := range sizes {
		got, err := c.page(ctx, input, pageQuery{number: number, size: size, verbose: input.Verbose})
		var api *APIError
		if !errors.As(err, &api) || api.Kind != KindParameter {
			return got, size, err
		}
		// Where every size is refused, it was never the size: the first error is the one about the user's parameters.
		refused = cmp.Or(refused, err)
	}
	return page{}, 0, refused
}

// shortPage compares the one page that was wanted with what the API's count promises of it.
func shortPage(input ListImagesInput, got page) *Short {
	asked := cmp.Or(input.PageSize, defaultPageSizes[0])
	if got.total == nil {
		return nil
	}
	promised := min(*got.total-int64(input.PageNumber-1)*int64(asked), int64(asked))
	if int64(len(got.images)) >= promised {
		return nil
	}
	return &Short{Asked: asked, Given: len(got.images)}
}

// listing orders what a pass found.
func (p *pass) listing(input ListImagesInput) *Listing {
	images := p.images()
	slices.SortFunc(images, func(a, b Image) int { return CompareCreated(&a, &b) })
	if input.order() == Descending {
		slices.Reverse(images)
	}
	return &Listing{Images: images, TotalCount: p.total()}
}

// String names the parameters that are sent for every page, for errors: `Labels = "system.official=true", Name = "pytorch"`.
func (input ListImagesInput) String() string {
	query, err := input.query()
	if err != nil {
		return err.Error()
	}
	if input.PageNumber > 0 {
		query.Set("PageNumber", strconv.Itoa(input.PageNumber))
	}
	if input.PageSize > 0 {
		query.Set("PageSize", strconv.Itoa(input.PageSize))
	}
	said := make([]string, 0, len(query))
	for _, name := range slices.Sorted(maps.Keys(query)) {
		said = append(said, fmt.Sprintf("%s = %q", name, query.Get(name)))
	}
	return strings.Join(said, ", ")
}
