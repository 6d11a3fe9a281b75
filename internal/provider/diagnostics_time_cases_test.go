package provider

import (
	"fmt"
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// undatedCases returns cases with images whose creation times are missing or invalid.
func undatedCases() []diagnosticCase {
	images := []paisandbox.Image{paisandbox.Official("r/pai/pytorch:2.9.1-gpu")}
	for i, created := range []paisandbox.Field[string]{
		paisandbox.Value("yesterday"), paisandbox.Omitted[string](), paisandbox.Value("1767582245"),
	} {
		images = append(images, paisandbox.Official(fmt.Sprintf("r/pai/pytorch:2.9.1-gpu-e51bd87%d", i)).
			With(func(image *paisandbox.Image) { image.GmtCreateTime = created }))
	}
	facts := []string{`"yesterday"`, "no creation time", `"1767582245"`}
	many := slices.Repeat(images[1:2], 12)
	for i := range many {
		many[i].ImageID = paisandbox.Value(fmt.Sprintf("image-%02d", i))
	}
	list := diagnosticCase{
		name: "pai_images: unreadable creation time", dataSource: "pai_images", block: values{}, catalogue: images,
		want: []string{"warning"}, facts: facts, requests: 1,
	}
	manyInList := list
	manyInList.name += "s, more than the list shows"
	manyInList.catalogue, manyInList.facts = many, []string{"image-09", "2 more"}
	return []diagnosticCase{
		list, manyInList,
		imageCase("unreadable creation time, most_recent", values{"official": true, "most_recent": true},
			"warning most_recent", facts...).withCatalogue(images...),
		imageCase("unreadable creation time, rebuilds", values{"official": true, "latest_version": true},
			"warning latest_version", facts...).withCatalogue(images...),
	}
}
