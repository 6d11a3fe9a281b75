package wirestate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// TestServer reads a data source in all the ways in which a Read may end.
func TestServer(t *testing.T) {
	t.Parallel()
	names := []string{"a", "", "c"}
	cases := map[string]struct {
		read      func(context.Context, datasource.ReadRequest, *datasource.ReadResponse) error
		names     any // in state; nil: null
		diags     []string
		fails     string
		untouched bool // the framework's answer as it is
	}{
		"nothing set": {read: keep, untouched: true},
		"a list set": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				return errors.Join(keep(ctx, req, resp), Set(ctx, "names", stringsOf(names)))
			},
			names: names,
		},
		"an empty list set": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				return errors.Join(keep(ctx, req, resp), Set(ctx, "names", stringsOf(nil)))
			},
			names: []string{},
		},
		"set twice, the last holds": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				return errors.Join(keep(ctx, req, resp), Set(ctx, "names", stringsOf(names)), Set(ctx, "names", stringsOf(names[:1])))
			},
			names: names[:1],
		},
		"a warning": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				resp.Diagnostics.AddAttributeWarning(path.Root("filter"), "Careful", "This is odd.")
				return errors.Join(keep(ctx, req, resp), Set(ctx, "names", stringsOf(names)))
			},
			names: names, diags: []string{"WARNING Careful: This is odd."},
		},
		"an error": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				resp.Diagnostics.AddError("Failed", "It broke.")
				return errors.Join(keep(ctx, req, resp), Set(ctx, "names", stringsOf(names)))
			},
			diags: []string{"ERROR Failed: It broke."}, untouched: true,
		},
		"put off": {
			read: func(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) error {
				resp.Deferred = &datasource.Deferred{Reason: datasource.DeferredReasonProviderConfigUnknown}
				return Set(ctx, "names", stringsOf(names))
			},
			untouched: true,
		},
		"an attribute that isn't there": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				return errors.Join(keep(ctx, req, resp), Set(ctx, "nomen", stringsOf(names)))
			},
			fails: `the state of toy_names can't be completed: it has no attribute "nomen"`,
		},
		"an attribute that Read has set, too": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				return errors.Join(keep(ctx, req, resp), Set(ctx, "filter", stringsOf(names)))
			},
			fails: `the attribute "filter" is set twice`,
		},
		"no state": {
			read: func(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) error {
				resp.State.RemoveResource(ctx)
				return Set(ctx, "names", stringsOf(names))
			},
			fails: "can't be completed: there is none",
		},
		"a value that can't be written": {
			read: func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) error {
				return errors.Join(keep(ctx, req, resp), Set(ctx, "names", func(*msgpack.Encoder) error { return errors.New("too odd") }))
			},
			fails: "names: too odd",
		},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
				if err := test.read(ctx, req, resp); err != nil {
					t.Error(err)
				}
			}
			got, err := readToy(t, NewServer(serve(read)), "f")
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Fatalf("%v does not say %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.diags, said(got.Diagnostics)); diff != "" {
				t.Error(diff)
			}
			if test.untouched {
				// Without our server Set has nowhere to go, which is the error that is expected then.
				plain, err := readToy(t, serve(func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
					_ = test.read(ctx, req, resp)
				}), "f")
				if diff := cmp.Diff(plain, got); err != nil || diff != "" {
					t.Errorf("%v, framework's (-), ours (+):\n%s", err, diff)
				}
				return
			}
			state, err := got.State.Unmarshal(toyType)
			if err != nil {
				t.Fatal(err)
			}
			if want := toyState("f", test.names); !state.Equal(want) {
				t.Errorf("state is %s, not %s", state, want)
			}
		})
	}
}

// TestNothingIsKeptOfARead, not even of one that failed: the framework keeps a request's context until the provider stops.
func TestNothingIsKeptOfARead(t *testing.T) {
	t.Parallel()
	for _, fails := range []bool{false, true} {
		var kept *values
		_, err := readToy(t, NewServer(serve(func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
			kept, _ = ctx.Value(valuesKey{}).(*values)
			if err := errors.Join(keep(ctx, req, resp), Set(ctx, "names", stringsOf(nil))); err != nil {
				t.Error(err)
			}
			if fails {
				resp.Diagnostics.AddError("Failed", "It broke.")
			}
		})), "f")
		if err != nil || kept == nil || kept.byName != nil {
			t.Errorf("fails: %v: %v, %v", fails, err, kept)
		}
	}
}

// TestSetNeedsItsServer: nothing is lost without a word.
func TestSetNeedsItsServer(t *testing.T) {
	t.Parallel()
	if err := Set(t.Context(), "names", stringsOf(nil)); err == nil || !strings.Contains(err.Error(), "names would be lost") {
		t.Errorf("got %v", err)
	}
}

// TestReadsStayApart: each answer has what its own Read has Set, whoever reads beside it, and nothing of what comes too late.
func TestReadsStayApart(t *testing.T) {
	t.Parallel()
	var late sync.WaitGroup
	server := NewServer(serve(func(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
		var filter types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("filter"), &filter)...)
		err := errors.Join(keep(ctx, req, resp), Set(ctx, "names", stringsOf([]string{filter.ValueString()})))
		if err != nil {
			resp.Diagnostics.Append(diag.NewErrorDiagnostic("Failed", err.Error()))
		}
		late.Go(func() { _ = Set(ctx, "total", stringsOf(nil)) }) // in time or not: it must be seen whole or not at all
	}))
	var readers sync.WaitGroup
	for i := range 50 {
		readers.Go(func() {
			filter := fmt.Sprint("f", i)
			got, err := readToy(t, server, filter)
			if err != nil {
				if !strings.Contains(err.Error(), `"total"`) {
					t.Error(err)
				}
				return
			}
			if state, err := got.State.Unmarshal(toyType); err != nil || !state.Equal(toyState(filter, []string{filter})) {
				t.Errorf("%s has the state %s (%v)", filter, state, err)
			}
		})
	}
	readers.Wait()
	late.Wait()
}

func toyState(filter string, names any) tftypes.Value {
	list := tftypes.NewValue(toyType.AttributeTypes["names"], nil)
	if texts, is := names.([]string); is {
		elements := make([]tftypes.Value, len(texts))
		for i, text := range texts {
			elements[i] = tftypes.NewValue(tftypes.String, text)
		}
		list = tftypes.NewValue(toyType.AttributeTypes["names"], elements)
	}
	return tftypes.NewValue(toyType, map[string]tftypes.Value{
		"filter": tftypes.NewValue(tftypes.String, filter), "names": list, "total": tftypes.NewValue(tftypes.Number, 7),
	})
}
