// Command changeimages adds an image to the sandbox's catalogue file, or removes one. A new image is the next minor
// version of an existing image, and its creation time is a week later. The command prints the URI of the new or removed
// image.
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
	log.SetPrefix("changeimages: ")
	catalogue := flag.String("catalogue", "", "the catalogue `file`")
	after := flag.String("add-after", "", "add the next minor version of the image with this `URI`")
	removed := flag.String("remove", "", "remove the image with this `URI`")
	flag.Parse()

	var uri string
	var err error
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flag.Arg(0))
	case (*after == "") == (*removed == ""):
		err = errors.New("set either -add-after or -remove")
	case *after != "":
		uri, err = addImage(*catalogue, *after)
	default:
		uri, err = *removed, removeImage(*catalogue, *removed)
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(uri)
}

// addImage adds the next version of the image with the URI, and returns the new URI. It returns an error if that
// version already exists.
func addImage(file, uri string) (string, error) {
	c, err := readCatalogue(file)
	if err != nil {
		return "", err
	}
	at, err := c.find(uri)
	if err != nil {
		return "", err
	}
	next, err := nextImage(c.images[at])
	if err != nil {
		return "", fmt.Errorf("%s: %w", uri, err)
	}
	nextURI := next["ImageUri"].(string)
	if _, err := c.find(nextURI); err == nil {
		return "", fmt.Errorf("%s: the next version exists already: %s", uri, nextURI)
	}
	next["ImageId"] = c.unusedID()
	c.images = append(c.images, next)
	return nextURI, c.write()
}

// removeImage removes the image with the URI.
func removeImage(file, uri string) error {
	c, err := readCatalogue(file)
	if err != nil {
		return err
	}
	at, err := c.find(uri)
	if err != nil {
		return err
	}
	c.images = slices.Delete(c.images, at, at+1)
	return c.write()
}

// catalogue is the content of a catalogue file. Unlike structs, maps keep unknown fields.
type catalogue struct {
	file    string
	content map[string]any
	images  []map[string]any // replaces the images in content
}

func readCatalogue(file string) (*catalogue, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the caller sets the file
	if err != nil {
		return nil, err
	}
	c := &catalogue{file: file}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&c.content); err != nil {
		return nil, fmt.Errorf("parse %s: %w", file, err)
	}
	entries, _ := c.content["Images"].([]any)
	for _, entry := range entries {
		image, ok := entry.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("parse %s: an image is not an object", file)
		}
		c.images = append(c.images, image)
	}
	return c, nil
}

// find returns the index of the image with the URI. Images may lack a URI.
func (c *catalogue) find(uri string) (int, error) {
	at := slices.IndexFunc(c.images, func(image map[string]any) bool { return image["ImageUri"] == uri })
	if at < 0 {
		return 0, fmt.Errorf("%s has no image %q", c.file, uri)
	}
	return at, nil
}

// unusedID returns an ID that no image has, because the sandbox rejects duplicate IDs.
func (c *catalogue) unusedID() string {
	for n := len(c.images); ; n++ {
		id := fmt.Sprintf("image-added%d", n)
		if !slices.ContainsFunc(c.images, func(image map[string]any) bool { return image["ImageId"] == id }) {
			return id
		}
	}
}

// write replaces the file. It renames a temporary file, so that the sandbox never reads a partial file.
func (c *catalogue) write() error {
	c.content["Images"] = c.images
	text, err := json.MarshalIndent(c.content, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.file+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(c.file+".new", c.file)
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
