package selection

import (
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// torch is the framework of the tests.
const torch = "PyTorch"

func TestParseImage(t *testing.T) {
	t.Parallel()
	const label = pai.LabelFrameworkPrefix + torch
	tests := map[string]struct {
		framework string
		image     pai.Image
		want      string
	}{
		"tag":             {"", image("", "", "r.example.com/pai/x:2.1-gpu"), "2.1"},
		"no tag":          {"", image("", "", "r.example.com/pai/x"), none},
		"no URI":          {"", pai.Image{Labels: labels(label, "2.1")}, none},
		"not a reference": {"", image("", "", "https://r.example.com/pai/x:2.1"), none},

		"framework":                 {torch, image("", "", "", label, "2.1.0+cu118"), "2.1.0"},
		"framework, build":          {torch, image("", "", "", label, "1.12PAI"), "1.12"},
		"framework, tag is ignored": {torch, image("", "", "r.example.com/pai/x:1.0", label, "2.8.0"), "2.8.0"},
		"no framework label":        {torch, image("", "", "r.example.com/pai/x:2.1"), none},
		"framework in another case": {torch, image("", "", "", "system.framework.pytorch", "2.8.0"), none},
		"framework, last label":     {torch, image("", "", "", label, "1.0", label, "2.0"), "2.0"},
		"framework, last is no version": {
			torch, image("", "", "", label, "2.0", label, "true"), none,
		},
		"framework, pre-release": {torch, image("", "", "", label, "2.0.0-rc1"), "2.0.0-rc1"},
		"framework, null label":  {torch, pai.Image{Labels: []pai.Label{{}}}, none},
		"nothing":                {torch, pai.Image{}, none},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := describe(ParseImage(&test.image, test.framework).Version); got != test.want {
				t.Errorf("got version %s, want %s", got, test.want)
			}
		})
	}
}

// TestVariant checks the variant of tags, and of tags beside a framework's label.
func TestVariant(t *testing.T) {
	t.Parallel()
	const label = pai.LabelFrameworkPrefix + torch
	for _, test := range []struct {
		tag, label, want string // an empty label reads the version from the tag
	}{
		{"2.9.1-gpu-py312-cu130-ubuntu24.04-e51bd870-1767942001", "", "gpu-py312-cu130-ubuntu24.04"},
		{"2.9.1", "", ""},
		{"2.9.1-1767942001", "", ""},
		{"2.9.0a0+50eac811", "", ""},
		{"1.12PAI-gpu", "", "PAI-gpu"},
		{"2.9.0-rc1-gpu", "", "gpu"},
		{"0.8.5.post1-gpu", "", "gpu"},
		{"2.9.0-gpu-nightly", "", "gpu-nightly"},
		{"0.2.0-ui", "", "ui"},
		{"26.07.20-pytorch2.11-ubuntu24.04_accelerated", "", "pytorch2.11-ubuntu24.04_accelerated"},
		{"12.2.2-cudnn8-devel-nccl2.19.3-1-85f9143", "", "cudnn8-devel-nccl2.19.3-1"},
		{"1.0-gpu-g50eac811", "", "gpu"},
		{"1.0-gpu-50EAC811", "", "gpu"},
		{"1.0-gpu-202601", "", "gpu"},
		{"1.0-gpu-20260102-123456", "", "gpu"},
		{"1.0-gpu-20260102.a8ec486", "", "gpu"},
		{"1.0-gpu-12345", "", "gpu-12345"},         // too short for a date
		{"1.0-gpu-abcdef", "", "gpu-abcdef"},       // too short for a hash
		{"1.0-gpu-20260102x", "", "gpu-20260102x"}, // no hexadecimal number
		{"1.0-gpu-0123456789012345678901234567890123456789", "", "gpu"},
		{"1.0-gpu-01234567890123456789012345678901234567890", "", "gpu-01234567890123456789012345678901234567890"},
		{"latest-gpu-50eac811", "", "latest-gpu"},
		{"", "", ""},

		{"2.9.1-gpu-e51bd870", "2.9.1", "gpu"},
		{"2.9-gpu-e51bd870", "2.9.0", "gpu"},
		{"2.9.1rc1-gpu", "2.9.1", "2.9.1rc1-gpu"},
		{"26.07.20-pytorch2.11-e51bd870", "2.11", "26.07.20-pytorch2.11"},
		{"gpu-e51bd870", "2.11", "gpu"},
		{"2.9.1-gpu", "nightly", "2.9.1-gpu"},
	} {
		image, framework := image("", "", "r.example.com/x:"+test.tag), ""
		if test.tag == "" {
			image.ImageURI = nil
		}
		if test.label != "" {
			image.Labels, framework = labels(label, test.label), torch
		}
		parsed := ParseImage(&image, framework)
		if got := parsed.Variant(); got != test.want {
			t.Errorf("%s (%s): got variant %q, want %q", test.tag, test.label, got, test.want)
		}
	}
}

func TestInRepository(t *testing.T) {
	t.Parallel()
	const uri = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.9.1-gpu"
	for name, want := range map[string]bool{
		"pytorch":     true,
		"pai/pytorch": true,
		"dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch": true,
		"dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/pytorch":     false, // another host
		"torch":                                 false,
		"i/pytorch":                             false,
		"pytorch:2.9.1-gpu":                     false,
		"PyTorch":                               false,
		"pai":                                   false,
		"pai-dlc/pytorch":                       false,
		"x/" + uri[:len(uri)-len(":2.9.1-gpu")]: false,
	} {
		image := image("", "", uri)
		parsed := ParseImage(&image, "")
		if got := parsed.InRepository(name); got != want {
			t.Errorf("%s: got %t, want %t", name, got, want)
		}
	}
	for _, invalid := range []pai.Image{{}, image("", "", "https://x/pytorch")} {
		if parsed := ParseImage(&invalid, ""); parsed.InRepository("pytorch") || parsed.InRepository("") {
			t.Errorf("an image without a valid URI is in a repository")
		}
	}
}
