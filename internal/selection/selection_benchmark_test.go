package selection

import (
	"encoding/json"
	"regexp"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// BenchmarkSelect measures how long pai_image takes to filter 1,000 images and select one of them.
func BenchmarkSelect(b *testing.B) {
	text, err := json.Marshal(paisandbox.Numbered(1_000))
	if err != nil {
		b.Fatal(err)
	}
	var images []pai.Image
	if err := json.Unmarshal(text, &images); err != nil {
		b.Fatal(err)
	}
	constraints, err := ParseConstraints(">= 1.0, < 100.0")
	if err != nil {
		b.Fatal(err)
	}
	nameRegex := regexp.MustCompile(`^numbered:.*gpu`)
	for name, match := range map[string]func(*pai.Image) bool{
		"everything": func(*pai.Image) bool { return true },
		"name_regex": func(i *pai.Image) bool { return nameRegex.MatchString(*i.Name) },
		"version":    func(i *pai.Image) bool { return constraints.Allow(ParseImage(i, "PyTorch").Version) },
	} {
		b.Run("by="+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if matching := Filter(images, match); len(matching) == 0 || Newest(matching) == nil {
					b.Fatal("no image matches")
				}
			}
		})
	}
	b.Run("highest", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Highest(images, HighestOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
