package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// first is the URI of the image in before.
const first = "example.com/pai/pytorch:2.7.0-gpu-4d7302ff-1770029761"

const (
	before = `{"Kept": 1, "Images": [
  {"Name": "no image of interest"},
  {"ImageId": "image-a", "Name": "pytorch:2.7.0-gpu",
   "ImageUri": "example.com/pai/pytorch:2.7.0-gpu-4d7302ff-1770029761",
   "GmtCreateTime": "2026-02-02T10:11:12.123Z\n", "Size": 9007199254740993, "Labels": [
    {"Key": "system.framework.PyTorch", "Value": "2.7.0"},
    {"Key": "system.imageUri", "Value": "example.com/pai/pytorch:2.7.0-gpu-4d7302ff-1770029761"},
    {"Key": "system.official", "Value": "true"}]}]}`

	after = `{
  "Images": [
    {
      "Name": "no image of interest"
    },
    {
      "GmtCreateTime": "2026-02-02T10:11:12.123Z\n",
      "ImageId": "image-a",
      "ImageUri": "example.com/pai/pytorch:2.7.0-gpu-4d7302ff-1770029761",
      "Labels": [
        {
          "Key": "system.framework.PyTorch",
          "Value": "2.7.0"
        },
        {
          "Key": "system.imageUri",
          "Value": "example.com/pai/pytorch:2.7.0-gpu-4d7302ff-1770029761"
        },
        {
          "Key": "system.official",
          "Value": "true"
        }
      ],
      "Name": "pytorch:2.7.0-gpu",
      "Size": 9007199254740993
    },
    {
      "GmtCreateTime": "2026-02-09T10:11:12.123Z",
      "GmtModifiedTime": "2026-02-09T10:11:12.123Z",
      "ImageId": "image-added2",
      "ImageUri": "example.com/pai/pytorch:2.8.0-gpu-5eed1e55-1770631872",
      "Labels": [
        {
          "Key": "system.framework.PyTorch",
          "Value": "2.8.0"
        },
        {
          "Key": "system.imageUri",
          "Value": "example.com/pai/pytorch:2.8.0-gpu-5eed1e55-1770631872"
        },
        {
          "Key": "system.official",
          "Value": "true"
        }
      ],
      "Name": "pytorch:2.8.0-gpu-5eed1e55-1770631872",
      "Size": 9007199254740993
    }
  ],
  "Kept": 1
}`
)

// writeFile returns the path of a new file with the content.
func writeFile(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "catalogue.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAddImage(t *testing.T) {
	t.Parallel()
	file := writeFile(t, before)
	uri, err := addImage(file, first)
	if err != nil {
		t.Fatal(err)
	}
	if want := "example.com/pai/pytorch:2.8.0-gpu-5eed1e55-1770631872"; uri != want {
		t.Errorf("got %s, want %s", uri, want)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(after, string(text)); diff != "" {
		t.Errorf("catalogue (-want +got):\n%s", diff)
	}
}

func TestAddImageErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ catalogue, uri string }{
		"not an object":     {`{"Images": [1]}`, "example.com/a:1.0"},
		"no such image":     {before, "example.com/pai/pytorch:1.0"},
		"no version in tag": {`{"Images": [{"ImageUri": "example.com/a:latest"}]}`, "example.com/a:latest"},
		"no time":           {`{"Images": [{"ImageUri": "example.com/a:1.0"}]}`, "example.com/a:1.0"},
		"invalid JSON":      {`[`, "example.com/a:1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := writeFile(t, test.catalogue)
			if uri, err := addImage(file, test.uri); err == nil {
				t.Errorf("got %q, want an error", uri)
			}
			if err := removeImage(file, test.uri+"?"); err == nil {
				t.Error("removed an image that doesn't exist")
			}
			if text, err := os.ReadFile(file); err != nil || string(text) != test.catalogue {
				t.Errorf("the catalogue changed: %s, %v", text, err)
			}
		})
	}
}

// TestAddImageTwice checks that the next version of an added image can be added. It also checks that adding the same
// version twice is an error.
func TestAddImageTwice(t *testing.T) {
	t.Parallel()
	file := writeFile(t, before)
	second, err := addImage(file, first)
	if err != nil {
		t.Fatal(err)
	}
	third, err := addImage(file, second)
	if err != nil || third == second {
		t.Errorf("after %s: got %s, %v, want another image", second, third, err)
	}
	if _, err := addImage(file, first); err == nil || !strings.Contains(err.Error(), "exists already: "+second) {
		t.Errorf("second call: got %v, want an error with %s", err, second)
	}
	catalogue, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{`"image-a"`, `"image-added2"`, `"image-added3"`} {
		if got := strings.Count(string(catalogue), id); got != 1 {
			t.Errorf("%s: got %d entries, want 1", id, got)
		}
	}
}

// TestRemoveImage checks that an added image can be removed, that the rest of the file stays the same, and that the IDs
// of images that are added later are unique.
func TestRemoveImage(t *testing.T) {
	t.Parallel()
	file := writeFile(t, before)
	second, err := addImage(file, first)
	if err != nil {
		t.Fatal(err)
	}
	third, err := addImage(file, second)
	if err != nil {
		t.Fatal(err)
	}
	if err := removeImage(file, third); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(after, string(text)); diff != "" {
		t.Errorf("catalogue after removing the last image (-want +got):\n%s", diff)
	}

	if err := removeImage(file, first); err != nil {
		t.Fatal(err)
	}
	if _, err := addImage(file, second); err != nil {
		t.Fatal(err)
	}
	if text, err = os.ReadFile(file); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{`"image-a"`: 0, `"image-added2"`: 1, `"image-added3"`: 1} {
		if got := strings.Count(string(text), id); got != want {
			t.Errorf("%s: got %d entries, want %d", id, got, want)
		}
	}
}
