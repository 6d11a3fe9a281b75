// Command addimage adds an image to the sandbox's catalogue file. The new image is the next minor version of an
// existing image, and its creation time is a week later. The command prints the URI of the new image.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("addimage: ")
	catalogue := flag.String("catalogue", "", "the catalogue `file`")
	after := flag.String("after", "", "the `URI` of the existing image")
	flag.Parse()

	uri, err := addImage(*catalogue, *after)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(uri)
}

// addImage adds the next version of the image with the URI, and returns the new URI. It returns an error if that
// version already exists.
func addImage(file, uri string) (string, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the caller sets the file
	if err != nil {
		return "", err
	}
	// Unlike structs, maps keep unknown fields.
	var content map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&content); err != nil {
		return "", fmt.Errorf("parse %s: %w", file, err)
	}
	images, _ := content["Images"].([]any)
	for _, entry := range images {
		image, _ := entry.(map[string]any)
		if image["ImageUri"] != uri {
			continue
		}
		next, err := nextImage(image)
		if err != nil {
			return "", fmt.Errorf("%s: %w", uri, err)
		}
		exists := func(entry any) bool {
			image, _ := entry.(map[string]any)
			return image["ImageUri"] == next["ImageUri"]
		}
		if slices.ContainsFunc(images, exists) {
			return "", fmt.Errorf("%s: the next version exists already: %s", uri, next["ImageUri"])
		}
		next["ImageId"] = fmt.Sprintf("image-added%d", len(images)) // the sandbox rejects duplicate IDs
		content["Images"] = append(images, next)
		return next["ImageUri"].(string), replaceFile(file, content)
	}
	return "", fmt.Errorf("%s has no image %q", file, uri)
}

var (
	tagVersion = regexp.MustCompile(`:(\d+)\.(\d+)(\.\d+)?`)
	tagBuild   = regexp.MustCompile(`(-[0-9a-f]{8}-\d{10})?$`)
)

// nextImage returns a copy of the image with the next minor version in its name, URI and framework label. The ID stays
// the same.
func nextImage(image map[string]any) (map[string]any, error) {
	uri, _ := image["ImageUri"].(string)
	parts := tagVersion.FindStringSubmatch(uri)
	if parts == nil {
		return nil, errors.New("its tag starts with no version")
	}
	minor, err := strconv.Atoi(parts[2])
	if err != nil {
		return nil, err
	}
	version := strings.TrimPrefix(parts[0], ":")
	nextVersion := fmt.Sprintf("%s.%d%s", parts[1], minor+1, parts[3])

	createTime, _ := image["GmtCreateTime"].(string)
	created, err := time.Parse(time.RFC3339, strings.TrimSpace(createTime))
	if err != nil {
		return nil, err
	}
	created = created.AddDate(0, 0, 7)
	build := fmt.Sprintf("-5eed1e55-%d", created.Unix())
	rename := func(s string) string {
		return tagBuild.ReplaceAllLiteralString(strings.Replace(s, ":"+version, ":"+nextVersion, 1), build)
	}

	next := maps.Clone(image)
	next["ImageUri"] = rename(uri)
	if name, ok := image["Name"].(string); ok {
		next["Name"] = rename(name)
	}
	next["GmtCreateTime"] = created.Format("2006-01-02T15:04:05.000Z")
	next["GmtModifiedTime"] = next["GmtCreateTime"]

	labels, _ := image["Labels"].([]any)
	nextLabels := make([]any, 0, len(labels))
	for _, entry := range labels {
		label, _ := entry.(map[string]any)
		label = maps.Clone(label)
		switch label["Value"] {
		case version:
			label["Value"] = nextVersion
		case uri:
			label["Value"] = next["ImageUri"]
		}
		nextLabels = append(nextLabels, label)
	}
	next["Labels"] = nextLabels
	return next, nil
}

// replaceFile replaces the content of a file. It renames a temporary file, so that the sandbox never reads a partial
// file.
func replaceFile(file string, content any) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
