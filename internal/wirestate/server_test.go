package wirestate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/vmihailenco/msgpack/v5"
)

// TestReadDataSource checks the response of the server for each way in which a data source's Read can set values or
// fail.
func TestReadDataSource(t *testing.T) {
	t.Parallel()
	names := []string{"a", "", "c"}
	setNames := func(ctx context.Context, names []string) error { return Set(ctx, "names", stringList(names)) }
	tests := map[string]struct {
		read          func(context.Context, *datasource.ReadResponse) error
		wantNames     any // a []string, or nil for a null attribute
		wantDiags     []string
		wantErr       string
		wantUnchanged bool // the response equals that of the framework's server
	}{
		"nothing set": {read: setTotal},
		"list set": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				return errors.Join(setTotal(ctx, resp), setNames(ctx, names))
			},
			wantNames: names,
		},
		"empty list set": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				return errors.Join(setTotal(ctx, resp), setNames(ctx, nil))
			},
			wantNames: []string{},
		},
		"set twice": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				return errors.Join(setTotal(ctx, resp), setNames(ctx, names), setNames(ctx, names[:1]))
			},
			wantNames: names[:1],
		},
		"warning": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				resp.Diagnostics.AddAttributeWarning(path.Root("filter"), "Summary", "Detail.")
				return errors.Join(setTotal(ctx, resp), setNames(ctx, names))
			},
			wantNames: names, wantDiags: []string{"WARNING Summary: Detail."},
		},
		"error": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				resp.Diagnostics.AddError("Summary", "Detail.")
				return errors.Join(setTotal(ctx, resp), setNames(ctx, names))
			},
			wantDiags: []string{"ERROR Summary: Detail."}, wantUnchanged: true,
		},
		"deferred": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				resp.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
				return setNames(ctx, names)
			},
			wantUnchanged: true,
		},
		"missing attribute": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				return errors.Join(setTotal(ctx, resp), Set(ctx, "missing", stringList(names)))
			},
			wantErr: `toy_names: no attribute "missing"`,
		},
		"attribute set by Read, too": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				return errors.Join(setTotal(ctx, resp), Set(ctx, "filter", stringList(names)))
			},
			wantErr: `toy_names: attribute "filter" is set twice`,
		},
		"no state": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				resp.State.RemoveResource(ctx)
				return setNames(ctx, names)
			},
			wantErr: "toy_names: the state is null",
		},
		"state that is too large": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				name := strings.Repeat("x", 1<<20)
				return errors.Join(setTotal(ctx, resp), setNames(ctx, slices.Repeat([]string{name}, 32)))
			},
			wantDiags: []string{
				"ERROR The list is too long: The state of toy_names would be larger than 32 MiB, which the provider does not " +
					"support.\n\nAdd filters, so that the list is shorter.",
			},
		},
		"value that cannot be encoded": {
			read: func(ctx context.Context, resp *datasource.ReadResponse) error {
				return errors.Join(setTotal(ctx, resp),
					Set(ctx, "names", func(*msgpack.Encoder) error { return errors.New("encoder error") }))
			},
			wantErr: "names: encoder error",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
				if err := test.read(ctx, resp); err != nil {
					t.Error(err)
				}
			}
			got, err := readToyNames(t, NewServer(newToyServer(read)), "f")
			if test.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), test.wantErr) {
					t.Fatalf("got error %v, want one with %q", err, test.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.wantDiags, formatDiagnostics(got.Diagnostics)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if test.wantUnchanged {
				readPlain := func(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
					_ = test.read(ctx, resp) // ignore the error of Set, which needs NewServer
				}
				want, err := readToyNames(t, newToyServer(readPlain), "f")
				if diff := cmp.Diff(want, got); err != nil || diff != "" {
					t.Errorf("error %v, response (-framework's +ours):\n%s", err, diff)
				}
				return
			}
			state, err := got.State.Unmarshal(toyType)
			if err != nil {
				t.Fatal(err)
			}
			if want := toyState("f", test.wantNames); !state.Equal(want) {
				t.Errorf("got state %s, want %s", state, want)
			}
		})
	}
}

// TestReadDataSourceEndsWithContext checks that the server encodes no long list after the context of the request has
// ended.
func TestReadDataSourceEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	encoded := 0
	value := ListEncoder(make([]string, 1<<20), func(enc *msgpack.Encoder, name *string) error {
		if encoded++; encoded == 1<<10 {
			cancel()
		}
		return enc.EncodeString(*name)
	})
	object, err := msgpack.Marshal(map[string]any{"names": nil})
	if err != nil {
		t.Fatal(err)
	}
	_, err = splice(ctx, object, map[string]EncodeFunc{"names": value})
	if !errors.Is(err, context.Canceled) || encoded > 1<<12 {
		t.Errorf("got %v after %d elements, want %v", err, encoded, context.Canceled)
	}
}

// TestReadDataSourceReleasesValues checks that the request's context holds no values after Read has succeeded or
// failed. The framework keeps the context until the provider stops.
func TestReadDataSourceReleasesValues(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		var pending *pendingValues
		read := func(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
			pending, _ = ctx.Value(pendingKey{}).(*pendingValues)
			if err := errors.Join(setTotal(ctx, resp), Set(ctx, "names", stringList(nil))); err != nil {
				t.Error(err)
			}
			if fails {
				resp.Diagnostics.AddError("Summary", "Detail.")
			}
		}
		_, err := readToyNames(t, NewServer(newToyServer(read)), "f")
		if err != nil || pending == nil || pending.byName != nil {
			t.Errorf("Read fails: %v: got error %v, pending values %v", fails, err, pending)
		}
	}
}

func TestSetWithoutServer(t *testing.T) {
	t.Parallel()
	err := Set(t.Context(), "names", stringList(nil))
	if err == nil || !strings.Contains(err.Error(), "cannot set names") {
		t.Errorf("got error %v, want one that names the attribute", err)
	}
}

// TestConcurrentReads checks that each response has the values of its own Read. A value that a goroutine sets after the
// response is complete must not change the response.
func TestConcurrentReads(t *testing.T) {
	t.Parallel()
	var late sync.WaitGroup
	read := func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
		var filter types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("filter"), &filter)...)
		err := errors.Join(setTotal(ctx, resp), Set(ctx, "names", stringList([]string{filter.ValueString()})))
		if err != nil {
			resp.Diagnostics.Append(diag.NewErrorDiagnostic("Set failed", err.Error()))
		}
		// If this call precedes the response, the response is an error, because Read also sets total.
		late.Go(func() { _ = Set(ctx, "total", stringList(nil)) })
	}
	server := NewServer(newToyServer(read))
	var readers sync.WaitGroup
	for i := range 50 {
		readers.Go(func() {
			filter := fmt.Sprint("f", i)
			got, err := readToyNames(t, server, filter)
			if err != nil {
				if !strings.Contains(err.Error(), `"total"`) {
					t.Error(err)
				}
				return
			}
			want := toyState(filter, []string{filter})
			if state, err := got.State.Unmarshal(toyType); err != nil || !state.Equal(want) {
				t.Errorf("filter %s: got state %s (error %v), want %s", filter, state, err, want)
			}
		})
	}
	readers.Wait()
	late.Wait()
}
