package paiclient

import (
	"encoding/json"
	"fmt"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// BenchmarkDecode decodes a page of 100 images. The decoder has no strings, as in a first pass, or already contains the
// strings of the page, as in a second pass.
func BenchmarkDecode(b *testing.B) {
	body, err := json.Marshal(map[string]any{"TotalCount": 100, "RequestId": "R-1", "Images": paisandbox.Numbered(100)})
	if err != nil {
		b.Fatal(err)
	}
	client := &Client{}
	decode := func(b *testing.B, decoder *paijson.Decoder) {
		b.Helper()
		var page struct {
			Images     []pai.Image `json:"Images"`
			TotalCount int         `json:"TotalCount"`
			errorCode
		}
		response := &apiResponse{body: body, decoder: decoder}
		if err := client.decode(b.Context(), response, &page); err != nil || len(page.Images) != 100 {
			b.Fatal(err, len(page.Images))
		}
	}
	filled := paijson.NewBudget().NewDecoder()
	decode(b, filled)
	for name, newDecoder := range map[string]func() *paijson.Decoder{
		"empty": paijson.NewBudget().NewDecoder, "filled": func() *paijson.Decoder { return filled },
	} {
		b.Run("pool="+name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				decode(b, newDecoder())
			}
		})
	}
}

// BenchmarkOrder sorts images by creation time.
func BenchmarkOrder(b *testing.B) {
	for _, count := range []int{100, 1_000, 10_000} {
		encoded, err := json.Marshal(paisandbox.Numbered(count))
		if err != nil {
			b.Fatal(err)
		}
		var images []pai.Image
		if err := json.Unmarshal(encoded, &images); err != nil {
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
