package selection

import (
	"strings"
	"testing"
)

// none is the expected text if there is no version.
const none = "none"

// TestParseVersion checks the version and the scheme of tags and labels.
func TestParseVersion(t *testing.T) {
	t.Parallel()
	// Each text is followed by its version: the value of image_version, and `calendar` for a calendar version.
	tests := map[string]string{
		// The rows of the contract, in its order.
		"2.8.0-gpu-py312":                  "2.8.0",
		"v0.5.17":                          "0.5.17",
		"2.7-gpu":                          "2.7",
		"1.12PAI-gpu":                      "1.12",
		"1.15deeprec2106-gpu":              "1.15",
		"1.15deeprec-dev-cpu":              "1.15",
		"12-cudnn8":                        "12",
		"v5":                               "5",
		"v100":                             "100",
		"7c9e2d1":                          none,
		"393d988d-feat":                    none,
		"20240115-gpu":                     none,
		"v20240805-37a08f946":              none,
		"20240115.3":                       none,
		"128-gpu":                          none,
		"deeprec2212-gpu":                  none,
		"torch2.6.0-vllm0.8.5":             none,
		"latest":                           none,
		"2.9.0rc1":                         "2.9.0-rc1",
		"2.9.0-rc1-gpu":                    "2.9.0-rc1",
		"2.9.0_beta1":                      "2.9.0-beta1",
		"2.9.0-dev-gpu":                    "2.9.0-dev",
		"2.9.0.dev20260101":                "2.9.0-dev20260101",
		"2.9.0-SNAPSHOT":                   "2.9.0-SNAPSHOT",
		"2.9.0-preview":                    "2.9.0-preview",
		"2.9.0-ea.1":                       "2.9.0-ea.1",
		"2.9.0a0+50eac811":                 "2.9.0-a0",
		"2.9.0b1":                          "2.9.0-b1",
		"25.04a-cuda12.8":                  "25.04-a calendar",
		"2.9.0-gpu-nightly":                "2.9.0-nightly",
		"1.12.2-PAI1911u1-rc1-57737597":    "1.12.2-rc1",
		"2.9.0-a100-gpu":                   "2.9.0",
		"2.9.0-b200":                       "2.9.0",
		"12.2.2-cudnn8-devel":              "12.2.2",
		"0.8.5.post1":                      "0.8.5.post1",
		"1.0.0post2":                       "1.0.0.post2",
		"1.0.0-post1":                      "1.0.0.post1",
		"23.12-gpu":                        "23.12 calendar",
		"26.07.20-pytorch2.11":             "26.07.20 calendar",
		"2025.06.01":                       "2025.06.01 calendar",
		"2026.2":                           "2026.2 calendar",
		"1767942001":                       none, // a Unix time
		"1764321500.5":                     none,
		"1.4.0":                            "1.4.0",
		"0.13.0rc2.a8ec486.20260305pai-gp": "0.13.0-rc2",

		// Numbers.
		"0":                           "0",
		"2":                           "2",
		"v2":                          "2",
		"99":                          "99",
		"100":                         none, // three digits only after a v
		"v1000":                       none,
		"12345.1":                     none,
		"1234.1":                      "1234.1",
		"007.1":                       "007.1",
		"1.2.3.4.5":                   "1.2.3.4.5",
		" 2.3\n":                      "2.3",
		"1.9223372036854775807":       "1.9223372036854775807",
		"1.9223372036854775808":       none, // more than 63 bits
		"2.9.0-rc9223372036854775808": none,
		"12+cu1":                      "12",
		"12_gpu":                      "12",
		"12.x":                        none, // neither dotted nor at a separator
		"3.":                          none,
		"12rc1":                       none,
		"2.9.":                        "2.9",
		"2.9.x":                       "2.9",

		// Texts that don't start with a number.
		"":          none,
		"v":         none,
		"vv1.0":     none,
		"v 1.0":     none,
		"V1.0":      none, // only a lower-case v may precede the number
		".5":        none,
		"-1.0":      none,
		"_1.0":      none,
		"rc1":       none,
		"r2.3.0-cu": none,
		"２.0":       none, // only ASCII digits
		"\xff1.0":   none,
		"py36-tf1":  none,
		"gpu":       none,

		// Words that are no pre-releases.
		"1.0\xff":                 "1.0",
		"2.0.0device":             "2.0.0",
		"2.0.0-devel":             "2.0.0",
		"2.0.0alphabet":           "2.0.0",
		"2.0.0-alphabet":          "2.0.0",
		"2.0.0-src":               "2.0.0",
		"2.0.0-prefix":            "2.0.0",
		"2.0.0-easy":              "2.0.0",
		"2.0.0-release":           "2.0.0",
		"2.9.0-b1":                "2.9.0", // b is a pre-release only if attached
		"2.9.0.a1":                "2.9.0",
		"2.9.0-gpu-a1":            "2.9.0",
		"2.9.0-gpu-dev":           "2.9.0", // dev is a pre-release only as the first word
		"2.9.0-gpu-rc":            "2.9.0", // rc needs a number after other words
		"2.9.0-gpu-beta-cu128":    "2.9.0",
		"2.9.0-gpu-ea1":           "2.9.0",
		"2.1.0+cu118":             "2.1.0",
		"2.1.0+dev":               "2.1.0", // a local version
		"2.3.1tensorflow2.16.1":   "2.3.1",
		"2.4-24.07-gu8-gpu":       "2.4",
		"1.1.0-pytorch2.10.0-cpu": "1.1.0",
		"2.9.0-post-training":     "2.9.0", // no number
		"2.9.0-gpu-post1":         "2.9.0",
		"2.9.0-cu128-rc1gpu":      "2.9.0", // not the whole word

		// Pre-releases.
		"2.9.0RC1":                 "2.9.0-RC1",
		"2.9.0.rc.2":               "2.9.0-rc.2",
		"2.9.0-rc.2.gpu":           "2.9.0-rc.2",
		"2.9.0-rc-2":               "2.9.0-rc",
		"2.9.0rc1gpu":              "2.9.0-rc1", // digits end the word
		"2.9.0-canary":             "2.9.0-canary",
		"2.9.0-nightly20260101":    "2.9.0-nightly20260101",
		"2.9.0_pre":                "2.9.0-pre",
		"2.9.0c2":                  "2.9.0-c2",
		"2.9.0 rc1":                "2.9.0-rc1",
		"2.9.0a-gpu":               "2.9.0-a",
		"2.9.0a100":                "2.9.0-a100", // attached, so not a chip
		"2.9.0+gpu.nightly":        "2.9.0-nightly",
		"2.9.0-gpu_preview":        "2.9.0-preview",
		"2.9.0-gpu-Canary-cu128":   "2.9.0-Canary",
		"2.9.0-gpu-beta2":          "2.9.0-beta2",
		"2.9.0-gpu-alpha.3":        "2.9.0-alpha.3",
		"2.9.0-gpu-SNAPSHOT":       "2.9.0-SNAPSHOT",
		"2.9.0PAI-rc3":             "2.9.0-rc3",
		"0.8.5.post1.dev3+g1a2b3c": "0.8.5-dev3",
		"v2.0alpha":                "2.0-alpha",
		"12-rc1":                   "12-rc1",
		"2.9.0-beta-rc1":           "2.9.0-beta",

		// Post-releases.
		"0.8.5_post10-gpu": "0.8.5.post10",
		"0.8.5.POST1":      "0.8.5.post1",
		"0.8.5.post.1":     "0.8.5.post1",

		// Calendar versions.
		"v25.04":        "25.04 calendar",
		"17.01":         "17.01 calendar",
		"39.12.1":       "39.12.1 calendar",
		"2000.0":        "2000.0 calendar",
		"2099.1":        "2099.1 calendar",
		"16.04":         "16.04",
		"40.04":         "40.04",
		"23.13":         "23.13",
		"23.00":         "23.00",
		"23.4":          "23.4",
		"23.004":        "23.004",
		"1999.1":        "1999.1",
		"2100.1":        "2100.1",
		"25":            "25",
		"26.07.20-beta": "26.07.20-beta calendar",
		"24.12rc1-gpu":  "24.12-rc1 calendar",
	}
	for text, want := range tests {
		if got := describe(ParseVersion(text)); got != want {
			t.Errorf("ParseVersion(%q): got %s, want %s", text, got, want)
		}
	}
}

func describe(v *Version) string {
	switch {
	case v == nil:
		return none
	case v.IsCalendar():
		return v.String() + " calendar"
	}
	return v.String()
}

// TestCompare compares all pairs of a sorted list of versions. Equal versions are in the same row.
func TestCompare(t *testing.T) {
	t.Parallel()
	rows := []string{
		"0 0.0.0.0",
		"0.9",
		"0.13.0rc1",
		"0.13.0rc2 0.13.0rc2.a8ec486.20260305pai",
		"0.13.0",
		"1.0.0.dev 1.0-nightly 1.0.0-SNAPSHOT 1.0-gpu-canary 1.0.0+x.nightly",
		"1.0.0-dev1 1.0.0.post1.dev1",
		"1.0.0.dev20230101",
		"1.0.0a 1.0.0-alpha 1.0-pre 1.0-preview 1.0-ea 1.0a0",
		"1.0.0a1 1.0-ea.1 1.0-alpha01 1.0-gpu-alpha.1",
		"1.0.0b 1.0-beta",
		"1.0.0-beta2",
		"1.0.0-beta11",
		"1.0.0c 1.0rc 1.0.0.0rc0 1.0-rc-1",
		"1.0.0rc.1 1.0.0c1",
		"1.0.0rc2",
		"1.0.0rc19",
		"1.0 1.0.0 1.0.0.0 v1 1.00 1.0PAI 1.0+cu118",
		"1.0.post0",
		"1.0.0.post1 1.0post1 1.0.0-post01",
		"1.0.0.post10",
		"1.0.0.1rc1",
		"1.0.0.1",
		"1.0.1rc1",
		"1.0.1",
		"2.9.9",
		"2.12",
		"23.4 23.04",
		"23.12",
		"2025.06.01",
	}
	for i, row := range rows {
		for j, other := range rows {
			want := min(max(i-j, -1), 1)
			for a := range strings.FieldsSeq(row) {
				for b := range strings.FieldsSeq(other) {
					if got := ParseVersion(a).Compare(ParseVersion(b)); got != want {
						t.Errorf("%s compared with %s: got %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
}

// TestCompareInList checks the order of lists: no version, plain versions, calendar versions.
func TestCompareInList(t *testing.T) {
	t.Parallel()
	sorted := []string{"latest", "1.9", "1.12", "100.1", "17.01", "2025.1"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := compareInList(ParseVersion(a), ParseVersion(b)), min(max(i-j, -1), 1); got != want {
				t.Errorf("%s and %s: got %d, want %d", a, b, got, want)
			}
		}
	}
}
