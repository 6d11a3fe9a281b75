package paijson_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

// imagesBody returns a list with the given number of images.
func imagesBody(count int, image func(number int) string) string {
	images := make([]string, count)
	for i := range images {
		images[i] = image(i)
	}
	return `{"Images":[` + strings.Join(images, ",") + "]}"
}

// labelledImage returns a function that returns an image with the labels.
func labelledImage(count int, label func(number int) string) func(int) string {
	labels := make([]string, count)
	for i := range labels {
		labels[i] = label(i)
	}
	image := `{"Labels":[` + strings.Join(labels, ",") + "]}"
	return func(int) string { return image }
}

func everyItem(s string) func(int) string { return func(int) string { return s } }

// TestLimits decodes bodies with many or long values, with a small and with a large Decoder.
func TestLimits(t *testing.T) {
	t.Parallel()
	different := func(number int) string { return fmt.Sprintf(`{"Key":"%07d"}`, number) }
	for name, test := range map[string]struct {
		body         string
		small, large error
	}{
		"1,000 images":      {imagesBody(1000, everyItem("{}")), nil, nil},
		"1,001 images":      {imagesBody(1001, everyItem("{}")), paijson.ErrTooMany, paijson.ErrTooMany},
		"1,001 null images": {imagesBody(1001, everyItem("null")), paijson.ErrTooMany, paijson.ErrTooMany},
		"50,000 labels":     {imagesBody(1, labelledImage(50_000, everyItem("{}"))), nil, nil},
		"200,000 labels":    {imagesBody(1, labelledImage(200_000, everyItem("{}"))), paijson.ErrSmall, nil},
		"200,001 labels":    {imagesBody(1, labelledImage(200_001, everyItem("{}"))), paijson.ErrSmall, paijson.ErrTooMany},
		"200,002 null labels": {
			imagesBody(2, labelledImage(100_001, everyItem("null"))), paijson.ErrSmall, paijson.ErrTooMany,
		},
		"30,000 different labels": {imagesBody(1, labelledImage(30_000, different)), paijson.ErrSmall, nil},
		"30,000 equal labels":     {imagesBody(1, labelledImage(30_000, everyItem(`{"Key":"k"}`))), nil, nil},
		"1 MiB":                   {imagesBody(1, everyItem(`{"Name":"`+strings.Repeat("x", 1<<20)+`"}`)), nil, nil},
		"2 MiB": {
			imagesBody(1, everyItem(`{"Name":"`+strings.Repeat("x", 2<<20)+`"}`)), paijson.ErrSmall, nil,
		},
		"2 MiB, as a number": {
			imagesBody(1, everyItem(`{"Name":`+strings.Repeat("1", 2<<20)+`}`)), paijson.ErrSmall, nil,
		},
		"65 MiB": {
			imagesBody(65, func(number int) string {
				return fmt.Sprintf(`{"Name":"%d%s"}`, number, strings.Repeat("x", 1<<20))
			}), paijson.ErrSmall, paijson.ErrTooLarge,
		},
		"200,001 strings": {
			`{"Workspaces":[{"EnvTypes":[` + strings.Repeat(`"",`, 200_000) + `""]}]}`, paijson.ErrSmall, paijson.ErrTooMany,
		},
		"1,001 workspaces": {
			`{"Workspaces":[` + strings.Repeat("{},", 1000) + `{}]}`, paijson.ErrTooMany, paijson.ErrTooMany,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			budget := paijson.NewBudget()
			decoder, other := budget.NewDecoder(), budget.NewDecoder()
			if !other.TryEnlarge() {
				t.Fatal("a new budget has a large Decoder")
			}
			var p page
			if _, err := decoder.Decode(t.Context(), []byte(test.body), &p); !errors.Is(err, test.small) {
				t.Errorf("small: got %v, want %v", err, test.small)
			}
			other.Close()
			p = page{}
			if _, err := decoder.Decode(t.Context(), []byte(test.body), &p); !errors.Is(err, test.large) {
				t.Errorf("large: got %v, want %v", err, test.large)
			}
		})
	}
}

// TestUsageOfSeveralBodies checks that a Decoder counts the values of all bodies, but equal strings only once.
func TestUsageOfSeveralBodies(t *testing.T) {
	t.Parallel()
	budget := paijson.NewBudget()
	decoder, other := budget.NewDecoder(), budget.NewDecoder()
	if err := other.Enlarge(t.Context()); err != nil {
		t.Fatal(err)
	}
	decode := func(name string) error {
		var p page
		_, err := decoder.Decode(t.Context(), []byte(`{"Images":[{"Name":"`+name+`"}]}`), &p)
		return err
	}
	for range 100 {
		if err := decode(strings.Repeat("x", 900<<10)); err != nil || decoder.ShouldEnlarge() {
			t.Fatalf("got %v, %t", err, decoder.ShouldEnlarge())
		}
	}
	if err := decode(strings.Repeat("y", 900<<10)); err != nil || !decoder.ShouldEnlarge() {
		t.Errorf("got %v, %t, want an advice to enlarge", err, decoder.ShouldEnlarge())
	}
	if err := decode(strings.Repeat("z", 900<<10)); !errors.Is(err, paijson.ErrSmall) {
		t.Errorf("got %v, want %v", err, paijson.ErrSmall)
	}
	other.Close()
	if err := decoder.Enlarge(t.Context()); err != nil || decoder.ShouldEnlarge() {
		t.Errorf("got %v, %t after Enlarge", err, decoder.ShouldEnlarge())
	}
	if err := decode(strings.Repeat("z", 900<<10)); err != nil {
		t.Error(err)
	}
	for i := 0; ; i++ {
		err := decode(fmt.Sprint(i, strings.Repeat("x", 1<<20)))
		if errors.Is(err, paijson.ErrTooLarge) && i > 55 {
			return
		}
		if err != nil || i > 65 {
			t.Fatalf("got %v after %d bodies of 1 MiB", err, i)
		}
	}
}

// TestOneLargeDecoder checks that a Decoder waits until no other Decoder is large, or until its context ends.
func TestOneLargeDecoder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		budget := paijson.NewBudget()
		first, second := budget.NewDecoder(), budget.NewDecoder()
		for range 2 {
			if err := first.Enlarge(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := second.Enlarge(ctx); !errors.Is(err, context.DeadlineExceeded) || second.TryEnlarge() {
			t.Errorf("got %v, want the error of the context", err)
		}
		time.AfterFunc(time.Second, first.Close)
		begin := time.Now()
		if err := second.Enlarge(t.Context()); err != nil || time.Since(begin) != time.Second {
			t.Errorf("got %v after %s, want nil after a second", err, time.Since(begin))
		}
		first.Close() // has no effect on the second Decoder
		if err := first.Enlarge(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the error of the context", err)
		}
		second.Close()
		second.Close()
	})
}

// TestDecodeEndsWithContext checks that Decode ends before it has decoded a long body.
func TestDecodeEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, image := range map[string]func(int) string{
		"strings":  labelledImage(1000, everyItem(`{"Key":"k","Value":"v"}`)),
		"elements": labelledImage(1000, everyItem("null")),
	} {
		var p page
		_, err := paijson.NewBudget().NewDecoder().Decode(ctx, []byte(imagesBody(1, image)), &p)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
}

// TestDecoderOfLookup checks that the operations of a lookup share a Decoder, which remains large until the lookup and
// all its operations have ended.
func TestDecoderOfLookup(t *testing.T) {
	t.Parallel()
	budget := paijson.NewBudget()
	ctx, end := paijson.WithLookup(t.Context())
	first, releaseFirst := budget.DecoderOf(ctx)
	second, releaseSecond := budget.DecoderOf(ctx)
	other, releaseOther := budget.DecoderOf(t.Context())
	if first != second || first == other {
		t.Fatal("want one Decoder for each lookup")
	}
	if !first.TryEnlarge() {
		t.Fatal("the Decoder is small although no other is large")
	}
	for name, release := range map[string]func(){"first": releaseFirst, "second": releaseSecond} {
		if release(); other.TryEnlarge() {
			t.Errorf("%s: the end of an operation ended the lookup", name)
		}
	}
	late, releaseLate := budget.DecoderOf(ctx)
	if end(); late != first || other.TryEnlarge() {
		t.Error("the end of the lookup ended an operation")
	}
	if releaseLate(); !other.TryEnlarge() {
		t.Error("the lookup is large after its end")
	}
	if releaseOther(); !first.TryEnlarge() {
		t.Error("the other lookup is large after its end")
	}
}

// TestLimitWait checks that Enlarge stops waiting after the limit, even if another call for the Decoder waits longer.
func TestLimitWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		budget := paijson.NewBudget()
		first, second := budget.NewDecoder(), budget.NewDecoder()
		if !first.TryEnlarge() {
			t.Fatal("a new budget has a large Decoder")
		}
		time.AfterFunc(time.Minute, first.Close)
		unlimited := make(chan error)
		begin := time.Now()
		for range 2 { // before and while another call waits
			err := second.Enlarge(paijson.LimitWait(t.Context(), time.Second))
			if !errors.Is(err, paijson.ErrSmall) {
				t.Errorf("got error %v, want %v", err, paijson.ErrSmall)
			}
			if time.Since(begin) == time.Second {
				go func() { unlimited <- second.Enlarge(t.Context()) }()
				synctest.Wait()
			}
		}
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("two waits took %s, want 2 s", took)
		}
		if err := <-unlimited; err != nil || time.Since(begin) != time.Minute {
			t.Errorf("got error %v after %s, want nil after a minute", err, time.Since(begin))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := first.Enlarge(paijson.LimitWait(ctx, time.Second)); !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want %v", err, context.Canceled)
		}
	})
}
