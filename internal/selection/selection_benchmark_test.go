package selection

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// BenchmarkSelect filters 1,000 images and chooses one of what is left, as one lookup does.
func BenchmarkSelect(b *testing.B) {
	text, err := json.Marshal(paisandbox.Numbered(1_000))
	if err != nil {
		b.Fatal(err)
	}
	var images []pai.Image
	if err := json.Unmarshal(text, &images); err != nil {
		b.Fatal(err)
	}
	constraints, err := version.NewConstraint(">= 1.0, < 100.0")
	if err != nil {
		b.Fatal(err)
	}
	for name, criteria := range map[string]Criteria{
		"everything": {},
		"name_regex": {NameRegex: regexp.MustCompile(`^numbered:.*gpu`)},
		"version":    {Framework: "PyTorch", Version: constraints},
	} {
		b.Run(fmt.Sprintf("by=%s", name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if left := Filter(images, criteria); len(left) == 0 || Newest(left) == nil {
					b.Fatal("nothing is left")
				}
			}
		})
	}
	b.Run("highest", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Highest(images, "PyTorch"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
