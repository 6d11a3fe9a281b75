package paiclient

import (
	"cmp"
	"context"
	"errors"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// MaxPageSize is the largest page that is asked for. No maximum is published; the vendor's own tools ask for no more.
const MaxPageSize = 100

// maxPasses bounds how often a listing is made until two passes agree.
const maxPasses = 4

// mostEarly bounds how often the second pass is begun before the first is decoded.
const mostEarly = 2

// defaultPageSizes are tried in turn while the service refuses them.
var defaultPageSizes = []int{MaxPageSize, 50, 20}

// Listing is the answer to ListImages.
type Listing struct {
	Images     []pai.Image // distinct, ordered as asked, ties by id
	TotalCount *int64      // what the API counts; nil where it gave no count
	Pages      int         // that the images stood on
	Passes     int         // over all pages
	Unsettled  *Unsettled  // nil where the listing is known to be whole
	Short      *Short      // of one page that was wanted: nil where it holds what its number and size promise
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
// side. More than one page is read again until two passes in a row show the same images, unmodified, and every count is the number
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
	l := &lister{client: c, input: input, texts: newSharedTexts()}
	first, size, err := l.firstPage(ctx)
	if err != nil {
		return nil, err
	}
	if input.PageNumber > 0 {
		only := newPass(size)
		only.add(input.PageNumber, first)
		listing := only.listing(input, 1)
		listing.Short = shortPage(input, first)
		return listing, nil
	}
	var early *earlyPass
	begun := 0
	defer func() { early.stop() }()
	previous, err := l.readPass(ctx, passPlan{size: size, verbose: input.Verbose, first: &first, received: func(p *pass, pages int) {
		early.stop()
		if early = nil; begun < mostEarly { // a count that grows with each page would have it begun for each
			begun++
			early = l.begin(ctx, p, pages)
		}
	}})
	if err != nil {
		return nil, err
	}
	if previous.isOneWholePage() {
		return previous.listing(input, 1), nil
	}
	for number := 2; number <= maxPasses; number++ {
		// Labels are wanted once in every two passes, and in the last, which is the answer if nothing settles.
		verbose := input.Verbose && number != 2
		next, err := early.after(previous)
		if next == nil && err == nil {
			next, err = l.readPass(ctx, passPlan{size: previous.size, verbose: verbose, expect: previous.pages()})
		}
		if err != nil {
			return nil, err
		}
		if previous.agrees(next) {
			if input.Verbose && !verbose {
				next = previous
			}
			return next.listing(input, number), nil
		}
		previous = next
	}
	listing := previous.listing(input, maxPasses)
	listing.Unsettled = &Unsettled{Passes: maxPasses, Counted: listing.TotalCount, Listed: len(listing.Images)}
	return listing, nil
}

// lister is one call of ListImages.
type lister struct {
	client *Client
	input  ListImagesInput
	texts  *sharedTexts
}

// firstPage fetches page 1, or the one page that is wanted, and gives the size that the service took. A size that
// the caller didn't choose is made smaller while the service refuses the parameters.
func (l *lister) firstPage(ctx context.Context) (page, int, error) {
	sizes := defaultPageSizes
	if l.input.PageSize > 0 {
		sizes = []int{l.input.PageSize}
	}
	number := max(1, l.input.PageNumber)
	var refused error
	for _, size := range sizes {
		got, err := l.page(ctx, pageQuery{number: number, size: size, verbose: l.input.Verbose}, func() {})
		var api *APIError
		if !errors.As(err, &api) || api.Kind != KindParameter {
			return got, size, err
		}
		// Where every size is refused, it was never the size: the first error is the one about the user's parameters.
		refused = cmp.Or(refused, err)
	}
	return page{}, 0, refused
}

func (l *lister) page(ctx context.Context, wanted pageQuery, received func()) (page, error) {
	return l.client.page(ctx, l.input, wanted, l.texts, received)
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
