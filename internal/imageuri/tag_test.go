package imageuri

import (
	"strings"
	"testing"
)

const (
	sha256 = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	sha512 = "sha512:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" +
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

func TestTag(t *testing.T) {
	t.Parallel()
	const none = ""
	tests := map[string]string{
		// Tags.
		"dsw-registry-vpc.cn-shanghai.cr.aliyuncs.com/pai/pytorch:2.1-gpu-py311-cu118-ubuntu22.04": "2.1-gpu-py311-cu118-ubuntu22.04",
		"registry.example.com:5000/a/b/c:v1":      "v1",
		"localhost/x:1":                           "1",
		"localhost:5000/x:1":                      "1",
		"127.0.0.1:5000/x:1":                      "1",
		"[::1]:5000/x:1":                          "1",
		"pai/pytorch:2.8":                         "2.8",
		"pytorch:2.8":                             "2.8",
		"Registry.Example.COM/pai/x:1":            "1", // a host may be in capitals
		"registry.example.com/pai/x:PAI_1.0":      "PAI_1.0",
		"registry.example.com/pai/x__y-z.w:1":     "1",
		"registry.example.com/x:1@" + sha256:      "1",
		"registry.example.com:5000/x:1@" + sha512: "1",
		"x:" + strings.Repeat("a", 128):           strings.Repeat("a", 128),

		// References without one.
		"registry.example.com/pai/x":                none,
		"registry.example.com:5000/pai/x":           none,
		"registry.example.com/x@" + sha256:          none,
		"registry.example.com:5000/pai/x@" + sha256: none,

		// What is no reference.
		"":                                     none,
		":":                                    none,
		":1":                                   none,
		"x:":                                   none,
		"x:-1":                                 none,
		"x:1:2":                                none,
		"x:1/y":                                none,
		"x:a b":                                none,
		"x:1\n":                                none,
		"x:" + strings.Repeat("a", 129):        none,
		"registry.example.com/Pai/x:1":         none, // a path may not be in capitals
		"registry.example.com/pai//x:1":        none,
		"registry.example.com/pai/x:1@sha256":  none,
		"registry.example.com/x:1@sha256:1234": none,
		"registry.example.com/x:1@md5:0123456789abcdef0123456789abcdef": none,
		"https://registry.example.com/pai/x:1":                          none,
		"x:\xff":                                                        none,
		"x:版本":                                                          none,
	}
	for uri, want := range tests {
		t.Run(uri, func(t *testing.T) {
			t.Parallel()
			tag, ok := Tag(uri)
			if tag != want || ok != (want != none) {
				t.Errorf("tag %q, found %t, want %q", tag, ok, want)
			}
		})
	}
}

func FuzzTag(f *testing.F) {
	for _, uri := range []string{
		"", ":", "@", "x", "x:1", "localhost:5000/x:1@" + sha256, "https://registry.example.com/x:1",
		"dsw-registry.ap-southeast-1.cr.aliyuncs.com/pai/training:26.06.01-pytorch2.11-python3.12-cuda13.0-ubuntu24.04-arm64_accelerated",
		"eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/vllm:0.13.0rc2.a8ec486.20260305pai-gpu",
		"eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai-eas/sglang:v0.5.17",
		"registry.cn-hangzhou.aliyuncs.com/pai-dlc/tensorflow-training:deeprec2212-gpu-py36-cu114-ubuntu18.04",
		"mybigpai-public-registry.cn-beijing.cr.aliyuncs.com/easycv/torch_cuda:cogvideox_fun",
	} {
		f.Add(uri)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		tag, ok := Tag(uri)
		name, _, _ := strings.Cut(uri, "@")
		switch {
		case !ok && tag != "":
			t.Errorf("%q: a tag %q that isn't there", uri, tag)
		case ok && (tag == "" || !strings.HasSuffix(name, ":"+tag)):
			t.Errorf("%q: %q is not what stands after its last colon", uri, tag)
		}
	})
}
