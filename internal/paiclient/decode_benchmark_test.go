package paiclient

import (
	"encoding/json"
	"fmt"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// BenchmarkDecode reads the body of a page of 100 images. The texts are those of a listing that begins, and of one that has
// read the page before, as a second pass has.
func BenchmarkDecode(b *testing.B) {
	body, err := json.Marshal(map[string]any{"TotalCount": 100, "RequestId": "R-1", "Images": paisandbox.Numbered(100)})
	if err != nil {
		b.Fatal(err)
	}
	client := &Client{}
	read := func(b *testing.B, texts *stringPool) {
		b.Helper()
		var page struct {
			Images     []pai.Image `json:"Images"`
			TotalCount int         `json:"TotalCount"`
		}
		if err := client.decode(&apiResponse{body: body}, &page, texts); err != nil || len(page.Images) != 100 {
			b.Fatal(err, len(page.Images))
		}
	}
	known := newStringPool()
	read(b, known)
	for name, texts := range map[string]func() *stringPool{
		"new": newStringPool, "known": func() *stringPool { return known },
	} {
		b.Run("texts="+name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				read(b, texts())
			}
		})
	}
}

// BenchmarkOrder puts the images of a listing in order.
func BenchmarkOrder(b *testing.B) {
	for _, count := range []int{100, 1_000, 10_000} {
		text, err := json.Marshal(paisandbox.Numbered(count))
		if err != nil {
			b.Fatal(err)
		}
		var images []pai.Image
		if err := json.Unmarshal(text, &images); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("images=%d", count), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pai.SortByCreated(images)
			}
		})
	}
}
