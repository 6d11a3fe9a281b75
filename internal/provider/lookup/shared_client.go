package lookup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
	"terraform.local/pai/terraform-provider-pai/internal/sharing"
)

// gatherTime is how long a list waits for more reads that need the same list. Terraform and OpenTofu start the reads
// that they run in parallel within this time.
const gatherTime = 10 * time.Millisecond

// gatherNextTime replaces gatherTime for a list that had to wait for another list. When the reads of that list end, the
// CLI starts the next reads over a longer time. In a trial with 200 reads, 10 ms resulted in about 40 lists, and 30 ms
// in 25.
const gatherNextTime = 30 * time.Millisecond

// largeWait limits how long a shared call waits to become large while another read is large (see paijson.Budget). If
// the other read waits for this call, neither would end. After this time, each read sends requests of its own, which
// wait without this limit.
const largeWait = 3 * time.Second

// sharedClient is a Client for the reads of all data sources at one endpoint. Reads with the same time limit that send
// the same request at the same time share its result, which they must not change. No read gets a result that is older
// than the read.
type sharedClient struct {
	interrupted      func(action string) *paiclient.InterruptedError
	images           *sharing.Group[limited[paiclient.ListImagesInput], *paiclient.ImageList]
	image            *sharing.Group[limited[imageRequest], *pai.Image]
	labels           *sharing.Group[limited[paiclient.ListImageLabelsInput], *paiclient.ImageLabels]
	workspaces       *sharing.Group[limited[paiclient.ListWorkspacesInput], *paiclient.WorkspaceList]
	workspace        *sharing.Group[limited[string], *pai.Workspace]
	defaultWorkspace *sharing.Group[limited[struct{}], *pai.Workspace]
}

// limited is a request and the time limit of the reads that send it. Reads with different limits don't share calls. If
// the service requests a wait that only some of the limits allow, the other reads would have to end without the call.
type limited[R any] struct {
	request R
	limit   time.Duration
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
	c.images.Key = func(list limited[paiclient.ListImagesInput]) string {
		list.request.Verbose = false
		return key(list)
	}
	c.images.Merge = func(a, b limited[paiclient.ListImagesInput]) limited[paiclient.ListImagesInput] {
		a.request.Verbose = a.request.Verbose || b.request.Verbose
		return a
	}
	return c
}

// newGroup returns a group in which equal requests share calls of run.
func newGroup[R, T any](run func(context.Context, R) (T, error)) *sharing.Group[limited[R], T] {
	return &sharing.Group[limited[R], T]{
		Gather:     gatherTime,
		GatherNext: gatherNextTime,
		Key:        func(l limited[R]) string { return fmt.Sprintf("%#v", l) },
		Merge:      func(a, _ limited[R]) limited[R] { return a },
		Run:        func(ctx context.Context, l limited[R]) (T, error) { return run(ctx, l.request) },
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
	ctx context.Context, group *sharing.Group[limited[R], T], request R,
	interrupted func(action string) *paiclient.InterruptedError, action string,
) (T, error) {
	start := time.Now()
	r := readFrom(ctx)
	call := limited[R]{request, r.limit}
	value, reads, err := group.Do(paijson.LimitWait(ctx, largeWait), call)
	if errors.Is(err, paijson.ErrSmall) { // after largeWait
		reads = 1
		value, err = group.Run(ctx, call)
	}
	r.recordReads(reads)
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
