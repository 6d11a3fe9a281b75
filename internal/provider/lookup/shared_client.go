package lookup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/sharing"
)

// gatherTime is how long a list waits for more reads that need the same list. Terraform and OpenTofu start the reads
// that they run in parallel within this time.
const gatherTime = 10 * time.Millisecond

// gatherNextTime is the same time for a list that had to wait for another. The reads that the CLI starts when the reads
// of that list end are further apart. In a trial with 200 reads, 10 ms resulted in about 40 lists, and 30 ms in 25.
const gatherNextTime = 30 * time.Millisecond

// sharedClient is a Client for the reads of all data sources at one endpoint. Reads that send the same request at the
// same time share its result, which they must not change. No read gets a result that is older than the read.
type sharedClient struct {
	interrupted      func(action string) *paiclient.InterruptedError
	images           *sharing.Group[paiclient.ListImagesInput, *paiclient.ImageList]
	image            *sharing.Group[imageRequest, *pai.Image]
	labels           *sharing.Group[paiclient.ListImageLabelsInput, *paiclient.ImageLabels]
	workspaces       *sharing.Group[paiclient.ListWorkspacesInput, *paiclient.WorkspaceList]
	workspace        *sharing.Group[string, *pai.Workspace]
	defaultWorkspace *sharing.Group[struct{}, *pai.Workspace]
}

// imageRequest contains the parameters of GetImage.
type imageRequest struct {
	id      string
	verbose bool
}

// NewSharedClient returns a client that sends the requests of all data sources at one endpoint with another client.
// interrupted is the method paiclient.Client.Interrupted of that client.
func NewSharedClient(client Client, interrupted func(action string) *paiclient.InterruptedError) Client {
	c := &sharedClient{
		interrupted: interrupted,
		images:      newGroup(client.ListImages),
		image: newGroup(func(ctx context.Context, r imageRequest) (*pai.Image, error) {
			return client.GetImage(ctx, r.id, r.verbose)
		}),
		labels:     newGroup(client.ListImageLabels),
		workspaces: newGroup(client.ListWorkspaces),
		workspace:  newGroup(client.GetWorkspace),
		defaultWorkspace: newGroup(func(ctx context.Context, _ struct{}) (*pai.Workspace, error) {
			return client.GetDefaultWorkspace(ctx)
		}),
	}
	// A list of images with labels also serves reads that need no labels.
	key := c.images.Key
	c.images.Key = func(in paiclient.ListImagesInput) string {
		in.Verbose = false
		return key(in)
	}
	c.images.Merge = func(a, b paiclient.ListImagesInput) paiclient.ListImagesInput {
		a.Verbose = a.Verbose || b.Verbose
		return a
	}
	return c
}

// newGroup returns a group in which equal requests share calls of run.
func newGroup[R, T any](run func(context.Context, R) (T, error)) *sharing.Group[R, T] {
	return &sharing.Group[R, T]{
		Gather:     gatherTime,
		GatherNext: gatherNextTime,
		Key:        func(request R) string { return fmt.Sprintf("%#v", request) },
		Merge:      func(a, _ R) R { return a },
		Run:        run,
	}
}

// ListImages implements Client. The images of the list may have labels even if the input doesn't request them.
func (c *sharedClient) ListImages(ctx context.Context, in paiclient.ListImagesInput) (*paiclient.ImageList, error) {
	return share(ctx, c.images, in, c.interrupted, "ListImages")
}

// GetImage implements Client.
func (c *sharedClient) GetImage(ctx context.Context, id string, verbose bool) (*pai.Image, error) {
	return share(ctx, c.image, imageRequest{id, verbose}, c.interrupted, "GetImage")
}

// ListImageLabels implements Client.
func (c *sharedClient) ListImageLabels(
	ctx context.Context, in paiclient.ListImageLabelsInput,
) (*paiclient.ImageLabels, error) {
	return share(ctx, c.labels, in, c.interrupted, "ListImageLabels")
}

// ListWorkspaces implements Client.
func (c *sharedClient) ListWorkspaces(
	ctx context.Context, in paiclient.ListWorkspacesInput,
) (*paiclient.WorkspaceList, error) {
	return share(ctx, c.workspaces, in, c.interrupted, "ListWorkspaces")
}

// GetWorkspace implements Client.
func (c *sharedClient) GetWorkspace(ctx context.Context, id string) (*pai.Workspace, error) {
	return share(ctx, c.workspace, id, c.interrupted, "GetWorkspace")
}

// GetDefaultWorkspace implements Client.
func (c *sharedClient) GetDefaultWorkspace(ctx context.Context) (*pai.Workspace, error) {
	return share(ctx, c.defaultWorkspace, struct{}{}, c.interrupted, "GetDefaultWorkspace")
}

// share returns the result of a call that serves the request, and records in the context how many reads share the call.
// If ctx ends, the error is an *InterruptedError. It is from interrupted if the call continues for other reads.
func share[R, T any](
	ctx context.Context, group *sharing.Group[R, T], request R,
	interrupted func(action string) *paiclient.InterruptedError, action string,
) (T, error) {
	start := time.Now()
	value, reads, err := group.Do(ctx, request)
	recordReads(ctx, reads)
	var own paiclient.InterruptedError
	switch shared, ok := errors.AsType[*paiclient.InterruptedError](err); {
	case ok:
		own = *shared // a copy, because the other reads have the same error
	case err != nil && errors.Is(err, ctx.Err()):
		own = *interrupted(action)
	default:
		return value, err
	}
	own.After = time.Since(start)
	own.Err = cmp.Or(ctx.Err(), own.Err) // the call can end shortly before ctx
	return value, &own
}

// readCount is the largest number of reads that shared a call of one read.
type readCount struct {
	mu    sync.Mutex
	reads int
}

type readCountKey struct{}

// recordReads records in the context of WithRequestLog how many reads share a call.
func recordReads(ctx context.Context, reads int) {
	if count, ok := ctx.Value(readCountKey{}).(*readCount); ok {
		count.mu.Lock()
		defer count.mu.Unlock()
		count.reads = max(count.reads, reads)
	}
}

// sharingReads returns the largest number of reads that shared a call of this read, including this read.
func sharingReads(ctx context.Context) int {
	count, ok := ctx.Value(readCountKey{}).(*readCount)
	if !ok {
		return 0
	}
	count.mu.Lock()
	defer count.mu.Unlock()
	return count.reads
}
