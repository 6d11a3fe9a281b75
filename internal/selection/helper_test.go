package selection

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// image is made of texts, of which empty ones are left out.
func image(id, created, uri string, keysAndValues ...string) pai.Image {
	made := pai.Image{Labels: labels(keysAndValues...)}
	for text, field := range map[*string]**string{&id: &made.ImageID, &created: &made.GmtCreateTime, &uri: &made.ImageURI} {
		if *text != "" {
			*field = text
		}
	}
	return made
}

func labels(keysAndValues ...string) []pai.Label {
	var made []pai.Label
	for pair := range slices.Chunk(keysAndValues, 2) {
		made = append(made, pai.Label{Key: &pair[0], Value: &pair[1]})
	}
	return made
}

func constraint(text string) version.Constraints {
	return version.MustConstraints(version.NewConstraint(text))
}

// realURIs gives URIs and their versions.
func realURIs(t *testing.T) [][]string {
	t.Helper()
	file, err := os.Open("testdata/image_uris.tsv")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	reader := csv.NewReader(file)
	reader.Comma = '\t'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:] // without the heading
}

// everyOrder calls check with the images in each order there is.
func everyOrder(images []pai.Image, check func([]pai.Image)) {
	var from func(int)
	from = func(at int) {
		if at >= len(images)-1 {
			check(slices.Clone(images))
		}
		for i := at; i < len(images); i++ {
			images[at], images[i] = images[i], images[at]
			from(at + 1)
			images[at], images[i] = images[i], images[at]
		}
	}
	from(0)
}

// counted says how often each image is there.
func counted(images []pai.Image) map[string]int {
	counts := make(map[string]int)
	for i := range images {
		counts[contentOf(&images[i])]++
	}
	return counts
}

// copyOf shares nothing with the images, so that it tells when anything in them was changed.
func copyOf(images []pai.Image) []pai.Image {
	var copied []pai.Image
	encoded, _ := json.Marshal(images) // texts can't fail
	_ = json.Unmarshal(encoded, &copied)
	return copied
}

func contentOf(image *pai.Image) string {
	encoded, _ := json.MarshalIndent(image, "", "\t") // as above
	return string(encoded)
}

func messageOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func textOf(field *string) string {
	if field == nil {
		return ""
	}
	return *field
}
