package paisandbox

import (
	"fmt"
	"time"
)

// OddImages returns images that are hard for a client: fields that are omitted, null or empty; missing and duplicate
// labels; equal and invalid creation times; tags without a version. They are part of Catalogue.
func OddImages() []Image {
	const host = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/"
	gpu := L("system.chipType", "GPU")
	sameTime := time.Date(2024, 5, 6, 7, 8, 9, 123_000_000, time.UTC)

	return []Image{
		{ImageID: Value(imageID("nothing else"))},
		Official(host + "odd:everything-null").With(func(i *Image) {
			*i = Image{
				ImageID: i.ImageID, ImageURI: i.ImageURI, Name: Null[string](), Description: Null[string](),
				GmtCreateTime: Null[string](), GmtModifiedTime: Null[string](), Labels: Null[[]Label](),
				Accessibility: Null[string](), UserID: Null[string](), ParentUserID: Null[string](),
				WorkspaceID: Null[string](), Size: Null[int64](), SourceType: Null[string](), SourceID: Null[string](),
			}
		}),
		Official(host+"odd:empty-texts", gpu).With(func(i *Image) {
			i.Description, i.UserID, i.ParentUserID = Value(""), Value(""), Value("")
			i.Accessibility, i.Size = Value(""), Value(int64(0))
		}),
		Official(host + "odd:no-labels").With(func(i *Image) { i.Labels = Omitted[[]Label]() }),
		Official(host + "odd:empty-labels").With(func(i *Image) { i.Labels = Value([]Label{}) }),
		Official(host+"odd:label-twice", gpu, L("system.chipType", "CPU"),
			L("system.framework.PyTorch", "2.1.0"), L("system.framework.PyTorch", "2.2.0")),
		Official(host+"odd:empty-label-value", gpu, L("system.source", "")),
		Official(host+"odd:trailing-newline", gpu).With(func(i *Image) {
			i.GmtCreateTime = Value("2021-01-21T17:12:35.232Z\n")
			i.GmtModifiedTime = Value("2021-01-21T17:12:35.232Z\n")
		}),
		Official(host+"odd:no-creation-time", gpu).With(func(i *Image) { i.GmtCreateTime = Omitted[string]() }),
		Official(host+"odd:unreadable-time", gpu).With(func(i *Image) { i.GmtCreateTime = Value("yesterday") }),
		Official(host+"odd:no-description", gpu).With(func(i *Image) { i.Description = Omitted[string]() }),
		Official(host+"pytorch:latest", gpu, L("system.framework.PyTorch", "nightly")).CreatedAt(sameTime),
		Official(host+"pytorch:torch2.5.1-gpu", gpu, L("system.framework.PyTorch", "2.5.1")).CreatedAt(sameTime),
		Official(host+"pytorch:deeprec2212-gpu", gpu, L("system.framework.DeepRec", "2212")).CreatedAt(sameTime),
		Official("localhost:5000/untagged", gpu).CreatedAt(sameTime),
		Custom("20455", host+"odd:not-labelled-official", gpu).CreatedAt(sameTime),
		Custom("31977", host+"odd:labelled-not-official", gpu, L("system.official", "false")).CreatedAt(sameTime).
			With(func(i *Image) { i.Accessibility = Value("PUBLIC") }),
	}
}

// Numbered returns n official images for tests of paging. Their IDs are distinct and in no order; ten images at a time
// have the same creation time.
func Numbered(n int) []Image {
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	images := make([]Image, 0, n)
	for k := range n {
		uri := fmt.Sprintf("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/numbered:1.%d.0-gpu-py312", k)
		images = append(images, Official(uri,
			L("system.chipType", "GPU"),
			L("system.supported.dlc", "true"),
			L("system.framework.PyTorch", fmt.Sprintf("1.%d.0", k)),
		).CreatedAt(first.Add(time.Duration(k/10)*time.Hour)))
	}
	return images
}
