package measure

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

func TestInterleave(t *testing.T) {
	t.Parallel()
	var order strings.Builder
	count := 0.0
	thing := func(name string) func(context.Context) (float64, error) {
		return func(context.Context) (float64, error) {
			order.WriteString(name)
			count++
			return count, nil
		}
	}
	samples, err := interleave(t.Context(), report.Bytes, 2, thing("a"), thing("b"))
	if err != nil {
		t.Fatal(err)
	}
	if order.String() != "abbaab" {
		t.Errorf("measured in the order %s", order.String())
	}
	if !slices.Equal(samples[0].Values, []float64{4, 5}) || !slices.Equal(samples[1].Values, []float64{3, 6}) {
		t.Errorf("got %v", samples)
	}

	broken := errors.New("broken")
	_, err = interleave(t.Context(), report.Bytes, 2, thing("a"), func(context.Context) (float64, error) { return 0, broken })
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestCatalogueHasTwelveLabels(t *testing.T) {
	t.Parallel()
	images := catalogue(30)
	keys := map[string]bool{}
	for _, label := range images[29].Labels.Or(nil) {
		keys[label.Key] = true
	}
	if len(images) != 30 || len(keys) != 12 {
		t.Errorf("%d images with %d labels", len(images), len(keys))
	}
}

func TestLookupConfiguration(t *testing.T) {
	t.Parallel()
	names, err := someNames(paisandbox.InRegion(paisandbox.Catalogue(), paisandbox.DefaultRegion))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != someLookups {
		t.Errorf("the names are %v", names)
	}
	for number, want := range map[int]int{0: 1, 1: 1, 8: 8} {
		text := lookupConfiguration(names[:number])
		if got := strings.Count(text, `data "pai_image"`); got != want || strings.Contains(text, "count = 0") != (number == 0) {
			t.Errorf("for %d lookups there are %d blocks:\n%s", number, got, text)
		}
	}
}

func TestReattach(t *testing.T) {
	t.Parallel()
	const said = "Provider started. To attach Terraform CLI, set the TF_REATTACH_PROVIDERS environment variable with the following:\n\n" +
		"\tTF_REATTACH_PROVIDERS='{\"example.com/a/b\":{\"Protocol\":\"grpc\"}}'\n\n"
	got, err := reattach(strings.NewReader(said))
	if want := `TF_REATTACH_PROVIDERS={"example.com/a/b":{"Protocol":"grpc"}}`; err != nil || got != want {
		t.Errorf("got %s, %v", got, err)
	}
	if got, err := reattach(strings.NewReader("Goodbye.\n")); err == nil {
		t.Errorf("found %s where nothing is", got)
	}
}
