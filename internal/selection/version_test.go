package selection

import (
	"testing"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// none is the expected value if there is no version.
const none = "none"

func checkVersion(t *testing.T, got *version.Version, want string) {
	t.Helper()
	switch {
	case want == none && got != nil:
		t.Errorf("got version %s, want none", got)
	case want == none:
	case got == nil:
		t.Errorf("got no version, want %s", want)
	case !got.Equal(version.Must(version.NewVersion(want))):
		t.Errorf("got version %s, want %s", got, want)
	}
}

func TestParseVersion(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		// Numbers.
		"2.8.0":                   "2.8.0",
		"v0.5.17":                 "0.5.17",
		"2":                       "2.0.0",
		"2.1":                     "2.1.0",
		"1.2.3.4":                 "1.2.3.4",
		"26.07.20":                "26.7.20",
		" 2.3\n":                  "2.3.0",
		"9223372036854775807":     "9223372036854775807.0.0",
		"9223372036854775808":     none, // too large for the library
		"1.99999999999999999999":  none,
		"99999999999999999999rc1": none,

		// The text doesn't start with a number.
		"":             none,
		"v":            none,
		"vv1":          none,
		"v 1.0":        none,
		"V1.0":         none, // only a lower-case v may precede the number
		".5":           none,
		"-1.0":         none,
		"latest":       none,
		"torch2.5.1":   none,
		"deeprec2212":  none,
		"rc1":          none,
		"２.0":          none, // only ASCII digits
		"1.0\nrelease": none,
		"\xff1.0":      none,

		// The suffix identifies a build and is ignored.
		"2.":                    "2.0.0",
		"1.12PAI":               "1.12.0",
		"1.15deeprec2106":       "1.15.0", // "deeprec" is not "rc"
		"2.1.0+cu118":           "2.1.0",
		"2.3.1tensorflow2.16.1": "2.3.1",
		"1.6.0.post1":           "1.6.0",
		"2.0.0src":              "2.0.0",
		"2.0.0device":           "2.0.0",
		"2.0.0alphabet":         "2.0.0",
		"1.0\xff":               "1.0.0",

		// The suffix contains a word that marks a pre-release.
		"2.0.0-rc1":                     "2.0.0-rc1",
		"2.0.0rc1":                      "2.0.0-rc1",
		"2.0.0_rc1":                     "2.0.0-rc1",
		"2.0.0RC1":                      "2.0.0-RC1",
		"2.0.0.rc.1":                    "2.0.0-rc.1",
		"v2.0alpha":                     "2.0.0-alpha",
		"2.0.0-beta.2":                  "2.0.0-beta.2",
		"2.0.0.dev20230101":             "2.0.0-dev20230101",
		"2.4.0nightly":                  "2.4.0-nightly",
		"0.13.0rc2.a8ec486.20260305pai": "0.13.0-rc2.a8ec486.20260305pai",
		"2.1.0.dev20230101+cu118":       "2.1.0-dev20230101-cu118",
		"2.0rc..1":                      none, // an invalid pre-release
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			checkVersion(t, ParseVersion(text), want)
		})
	}
}

func TestTagVersion(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"v0.5.17":                                "0.5.17",
		"2.8.0-gpu-py312":                        "2.8.0",
		"1.12PAI-gpu-py38-cu113-ubuntu20.04":     "1.12.0",
		"0.13.0rc2.a8ec486.20260305pai-gpu":      "0.13.0-rc2.a8ec486.20260305pai",
		"1.15deeprec2106-gpu-py36":               "1.15.0",
		"1.15deeprec-dev-cpu-cibuild-py36":       "1.15.0", // "dev" comes after the version
		"2.0.0-rc1":                              "2.0.0",  // in a tag, "rc1" also comes after the version
		"26.07.20-pytorch2.11_accelerated":       "26.7.20",
		"1.0_gpu-py3":                            "1.0.0",
		"1.0_dev-gpu":                            "1.0.0", // the version ends before the first "-" or "_"
		"1.0-gpu_py3":                            "1.0.0",
		"2.0.0.dev20230101":                      "2.0.0-dev20230101",
		"deeprec2212-gpu-py36-cu114-ubuntu18.04": none,
		"torch2.5.1-vllm0.6.6":                   none,
		"py36-tf1.15.5-gpu-0.8.5":                none,
		"-1.0":                                   none,
		"_1.0":                                   none,
		"":                                       none,
		"gpu":                                    none,
	}
	for tag, want := range tests {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			checkVersion(t, TagVersion(tag), want)
		})
	}
}

// TestRealURIs checks the versions of URIs that PAI publishes. A person read the expected versions from the URIs.
func TestRealURIs(t *testing.T) {
	t.Parallel()
	rows := realURIs(t)
	for _, row := range rows {
		t.Run(row[0], func(t *testing.T) {
			t.Parallel()
			checkVersion(t, VersionOf(&pai.Image{ImageURI: &row[0]}, ""), row[1])
		})
	}
}
