package lookup

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// slowClient is a Client whose calls take requestDuration.
type slowClient struct {
	mu    sync.Mutex
	calls []string // actions
	lists []paiclient.ListImagesInput
	err   error // of all calls
}

const requestDuration = time.Second

// call records a call and waits for requestDuration.
func (c *slowClient) call(ctx context.Context, action string) error {
	c.mu.Lock()
	c.calls = append(c.calls, action)
	c.mu.Unlock()
	select {
	case <-time.After(requestDuration):
		return c.err
	case <-ctx.Done():
		return &paiclient.InterruptedError{Action: action, Host: "slow", Last: errAttempt, Err: ctx.Err()}
	}
}

// interrupted is like the method of *paiclient.Client.
func (c *slowClient) interrupted(action string) *paiclient.InterruptedError {
	return &paiclient.InterruptedError{Action: action, Host: "slow", Last: errThrottled}
}

// Last errors of a slowClient: of a call that its context ends, and of interrupted.
var errAttempt, errThrottled = errors.New("last attempt"), errors.New("throttled")

func (c *slowClient) ListImages(ctx context.Context, in paiclient.ListImagesInput) (*paiclient.ImageList, error) {
	c.mu.Lock()
	c.lists = append(c.lists, in)
	c.mu.Unlock()
	return new(paiclient.ImageList), c.call(ctx, "ListImages")
}

func (c *slowClient) GetImage(ctx context.Context, _ string, _ bool) (*pai.Image, error) {
	return new(pai.Image), c.call(ctx, "GetImage")
}

func (c *slowClient) ListImageLabels(
	ctx context.Context, _ paiclient.ListImageLabelsInput,
) (*paiclient.ImageLabels, error) {
	return new(paiclient.ImageLabels), c.call(ctx, "ListImageLabels")
}

func (c *slowClient) ListWorkspaces(
	ctx context.Context, _ paiclient.ListWorkspacesInput,
) (*paiclient.WorkspaceList, error) {
	return new(paiclient.WorkspaceList), c.call(ctx, "ListWorkspaces")
}

func (c *slowClient) GetWorkspace(ctx context.Context, _ string) (*pai.Workspace, error) {
	return new(pai.Workspace), c.call(ctx, "GetWorkspace")
}

func (c *slowClient) GetDefaultWorkspace(ctx context.Context) (*pai.Workspace, error) {
	return new(pai.Workspace), c.call(ctx, "GetDefaultWorkspace")
}

// TestSharedClientLists checks which reads that start together share a list, and that the list has labels if any of
// them needs labels.
func TestSharedClientLists(t *testing.T) {
	t.Parallel()
	official := map[string]string{"system.official": "true"}
	for name, test := range map[string]struct {
		inputs      []paiclient.ListImagesInput
		wantLists   int
		wantVerbose bool // of the first list
	}{
		"equal": {
			inputs:    []paiclient.ListImagesInput{{Labels: official}, {Labels: map[string]string{"system.official": "true"}}},
			wantLists: 1,
		},
		"labels needed by the last": {
			inputs: []paiclient.ListImagesInput{{}, {}, {Verbose: true}}, wantLists: 1, wantVerbose: true,
		},
		"labels needed by the first": {
			inputs: []paiclient.ListImagesInput{{Verbose: true}, {}, {}}, wantLists: 1, wantVerbose: true,
		},
		"other label":     {inputs: []paiclient.ListImagesInput{{Labels: official}, {}}, wantLists: 2},
		"other name":      {inputs: []paiclient.ListImagesInput{{Name: "a"}, {Name: "b"}}, wantLists: 2},
		"other field":     {inputs: []paiclient.ListImagesInput{{Name: "a"}, {Query: "a"}}, wantLists: 2},
		"other order":     {inputs: []paiclient.ListImagesInput{{}, {Order: paiclient.Descending}}, wantLists: 2},
		"other page":      {inputs: []paiclient.ListImagesInput{{PageNumber: 1}, {PageNumber: 2}}, wantLists: 2},
		"other page size": {inputs: []paiclient.ListImagesInput{{PageSize: 10}, {PageSize: 20}}, wantLists: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := new(slowClient)
				shared := NewSharedClient(fake, fake.interrupted)
				var reads sync.WaitGroup
				for _, in := range test.inputs {
					reads.Go(func() {
						read := &Read{limit: time.Minute}
						if _, err := shared.ListImages(read.begin(t.Context()), in); err != nil {
							t.Error(err)
						}
						read.cancel()
						if got, want := read.sharingReads(), 1+len(test.inputs)-test.wantLists; got != want {
							t.Errorf("%d reads share the list, want %d", got, want)
						}
					})
					time.Sleep(gatherTime / 4)
				}
				reads.Wait()
				if len(fake.lists) != test.wantLists || fake.lists[0].Verbose != test.wantVerbose {
					t.Errorf("got lists %+v, want %d, the first with Verbose %t", fake.lists, test.wantLists, test.wantVerbose)
				}
			})
		})
	}
}

// TestSharedClientActions checks for every other action that equal requests share a call, and different ones don't.
func TestSharedClientActions(t *testing.T) {
	t.Parallel()
	for action, test := range map[string]struct {
		equal []func(context.Context, Client) error
		other func(context.Context, Client) error // nil if all requests of the action are equal
	}{
		"GetImage": {
			equal: []func(context.Context, Client) error{getImage("a"), getImage("a")}, other: getImage("b"),
		},
		"ListImageLabels": {
			equal: []func(context.Context, Client) error{listLabels("a"), listLabels("a")}, other: listLabels("b"),
		},
		"ListWorkspaces": {
			equal: []func(context.Context, Client) error{listWorkspaces("a"), listWorkspaces("a")}, other: listWorkspaces("b"),
		},
		"GetWorkspace": {
			equal: []func(context.Context, Client) error{getWorkspace("a"), getWorkspace("a")}, other: getWorkspace("b"),
		},
		"GetDefaultWorkspace": {
			equal: []func(context.Context, Client) error{getDefaultWorkspace, getDefaultWorkspace},
		},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := new(slowClient)
				shared := NewSharedClient(fake, fake.interrupted)
				requests, want := test.equal, 1
				if test.other != nil {
					requests, want = append(requests, test.other), 2
				}
				var reads sync.WaitGroup
				for _, request := range requests {
					reads.Go(func() {
						if err := request(t.Context(), shared); err != nil {
							t.Error(err)
						}
					})
				}
				reads.Wait()
				if len(fake.calls) != want || slices.ContainsFunc(fake.calls, func(c string) bool { return c != action }) {
					t.Errorf("got calls %v, want %d of %s", fake.calls, want, action)
				}
			})
		})
	}
}

func getImage(id string) func(context.Context, Client) error {
	return func(ctx context.Context, client Client) error {
		_, err := client.GetImage(ctx, id, true)
		return err
	}
}

func listLabels(key string) func(context.Context, Client) error {
	return func(ctx context.Context, client Client) error {
		_, err := client.ListImageLabels(ctx, paiclient.ListImageLabelsInput{Keys: []string{key}})
		return err
	}
}

func listWorkspaces(id string) func(context.Context, Client) error {
	return func(ctx context.Context, client Client) error {
		_, err := client.ListWorkspaces(ctx, paiclient.ListWorkspacesInput{IDs: []string{id}})
		return err
	}
}

func getWorkspace(id string) func(context.Context, Client) error {
	return func(ctx context.Context, client Client) error {
		_, err := client.GetWorkspace(ctx, id)
		return err
	}
}

func getDefaultWorkspace(ctx context.Context, client Client) error {
	_, err := client.GetDefaultWorkspace(ctx)
	return err
}
