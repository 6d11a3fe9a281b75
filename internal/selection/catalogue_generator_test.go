package selection_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

var seed = flag.Uint64("seed", 1, "seed of the random catalogue, selections and constraints")

// torch is the framework of the generated images.
const torch = "PyTorch"

// The values below are the grammar of the tags that PAI publishes. The lists are short, so that versions, variants and
// repositories of generated images are often equal.
var (
	// registries has the hosts of one registry in several regions and networks in each row.
	registries = [][]string{
		strings.Fields("dsw-registry-vpc.cn-shanghai.cr.aliyuncs.com dsw-registry.cn-wulanchabu.cr.aliyuncs.com " +
			"dsw-registry.ap-southeast-1.cr.aliyuncs.com"),
		strings.Fields("registry.cn-hangzhou.aliyuncs.com registry-vpc.cn-beijing.aliyuncs.com " +
			"registry-internal.us-west-1.aliyuncs.com"),
		strings.Fields("eas-registry-vpc.cn-hangzhou.cr.aliyuncs.com eas-registry.cn-shanghai.cr.aliyuncs.com"),
		strings.Fields("one.cn-shanghai.personal.cr.aliyuncs.com one-vpc.cn-beijing.personal.cr.aliyuncs.com"),
		{"reg.docker.alibaba-inc.com"},
		{"localhost:5000"},
	}
	plainPaths    = strings.Fields("pai/pytorch pai-dlc/pytorch-training pai-eas/vllm pai/tensorflow")
	calendarPaths = strings.Fields("pai/training pai/ngc")
	otherPaths    = strings.Fields("pai/pytorch-training pytorch") // with versions of both schemes

	plainNumbers = strings.Fields("2.9.0 2.9.0 2.9 2.9.1 2.10.0 v0.5.17 0.8.5 1.12 1.12.2 1.15 16.04 40.01 " +
		"17.1 23.7 23.13 23.120 2100.1 1999.12 02.9 2.9.0.1 12 5 v5 v100 99")
	calendarNumbers = strings.Fields("23.12 23.12.0 24.07 v24.07 24.11 25.04 26.07.20 17.01 39.12 2025.06.01 " +
		"2025.06 2026.2 2000.1 2099.99")

	// noVersions start a tag that has no version.
	noVersions = strings.Fields("7c9e2d1 393d988d-feat 20240115 20240115-gpu v20240805-37a08f946 20240115.3 " +
		"1764359181 128 v1234 deeprec2212 torch2.6.0-vllm0.8.5 py36-tf1.15-0.8.5 latest V2.9.0 5x 12. 12.dev1 " +
		"12rc1 v5.gpu 12345.1 00002.1 v12345.6 2.12345678901234567890 v vv2.9 r2.3.0 gpu 2..9")

	builds      = strings.Fields("PAI deeprec2106 x1") // attached to the number
	preReleases = strings.Fields("rc1 rc2 -rc1 -rc2 -RC19 .rc1 _rc -rc.2 -rc.2b rc2.a8ec486.20260305pai " +
		"-rc1gpu -alpha -alpha.1 _beta1 beta2 -pre -pre3 -preview -Preview2 -dev .dev20260101 dev3 -nightly " +
		"-nightly20260101 .SNAPSHOT -SNAPSHOT -canary _canary.4 -ea.1 -ea a0 a A1 b1 b c2 c .post1.dev3 " +
		"-post1-rc2 -rc12345678901234567890")
	postReleases = strings.Fields(".post1 post2 -post1 _POST3 .post01 -post10")
	otherWords   = strings.Fields("-a100 -b200 -c a100x -post -post-training -rcx -develop -earth -previews dx")

	variants = strings.Fields("-gpu -gpu -cpu -gpu-py312-cu130-ubuntu24.04 -gpu-py311-cu130-ubuntu24.04 " +
		"-nginx -ui _accelerated .gpu -cudnn8-devel")
	tagWords = strings.Fields("gpu cpu ppu py312 py3.10 cu126 cuda12.8 ubuntu24.04 ngc25.03 deep-ep te2.7 " +
		"vllm0.8.5.post1 PAI1911u1 pytorch2.11 a100 1 0513 r2 llm rc dev beta ea1 nightlys nightly Nightly3 " +
		"snapshot preview2 canary rc6 RC.7 rc.7b alpha1 beta.2 rc3gpu")
	buildSuffixes = strings.Fields("-e51bd870 -e51bd870-1767942001 -4d7302ff-1770029761 -20240115 -240115 " +
		"_g1a2b3c4d5e .85f9143 -E51BD870 -12345 -20240115-1a2b3c4 -1234567 -abcdef " +
		"-0123456789abcdef0123456789abcdef01234567 -0123456789abcdef0123456789abcdef012345678 -240115-gpu " +
		"-g123456 -G1a2b3c4")
	locals = strings.Fields("+cu128 +50eac811 +dev +rc1 +nightly +gpu.rc2") // only in labels

	// versionParts are joined to random texts.
	versionParts = strings.Fields("- - _ . . + 0 1 12 007 a b c v g rc RC alpha beta pre view dev nightly " +
		"snapshot canary preview ea post gpu abcdef1 123456 -rc1 .dev2 .post1 -nightly")

	digest  = "@sha256:" + strings.Repeat("0123456789abcdef", 4)
	invalid = []string{
		"", ":2.12", "https://localhost:5000/pytorch:2.12", "localhost:5000/PyTorch:2.12", "pytorch:2.12 ", "pytorch:2.9+x",
	}
)

// generator makes random images and texts. Equal seeds make equal values.
type generator struct{ *rand.Rand }

func newGenerator(stream uint64) generator { return generator{rand.New(rand.NewPCG(*seed, stream))} }

func (g generator) pick(values []string) string { return values[g.IntN(len(values))] }

func (g generator) isOneOf(n int) bool { return g.IntN(n) == 0 }

// catalogue returns images whose URIs follow the grammar above.
func (g generator) catalogue(size int) []pai.Image {
	images := make([]pai.Image, 0, size)
	var tags, paths []string
	for i := range size {
		path := g.pick(g.oneOfLists(plainPaths, plainPaths, calendarPaths, otherPaths))
		tag := g.tag(path)
		if i > 0 && g.isOneOf(4) { // a twin in another registry, region or network
			twin := g.IntN(i)
			path, tag = paths[twin], tags[twin]
		}
		paths, tags = append(paths, path), append(tags, tag)
		images = append(images, g.image(i, path, tag))
	}
	return images
}

func (g generator) oneOfLists(lists ...[]string) []string { return lists[g.IntN(len(lists))] }

// tag returns a random tag, whose number is of the path's scheme.
func (g generator) tag(path string) string {
	if g.isOneOf(8) {
		return g.pick(noVersions) + g.words() + g.sometimes(buildSuffixes)
	}
	return g.version(path) + g.oneOf("", g.pick(variants), g.words()) + g.sometimes(buildSuffixes)
}

func (g generator) oneOf(values ...string) string { return g.pick(values) }

// sometimes returns "" in two of three cases.
func (g generator) sometimes(values []string) string {
	if g.isOneOf(3) {
		return g.pick(values)
	}
	return ""
}

// randomText returns a version with anything after it, or a random sequence of parts of versions.
func (g generator) randomText() string {
	if g.isOneOf(2) {
		return g.tag(g.pick(g.oneOfLists(plainPaths, calendarPaths))) + g.sometimes(locals)
	}
	text := g.oneOf("", "", "v", " ") + g.oneOf("1", "12", "24", "1.2", "2.9.0", "2.10", "24.07", "2025.1")
	for range g.IntN(8) {
		text += g.pick(versionParts)
	}
	return text
}

// version returns a number, mostly with nothing after it, else with a word.
func (g generator) version(path string) string {
	numbers := plainNumbers
	if slices.Contains(calendarPaths, path) || slices.Contains(otherPaths, path) && g.isOneOf(2) {
		numbers = calendarNumbers
	}
	return g.pick(numbers) + g.sometimes(g.oneOfLists(builds, preReleases, preReleases, postReleases, otherWords))
}

func (g generator) words() string {
	var b strings.Builder
	for range g.IntN(4) {
		b.WriteString(g.oneOf("-", "-", "-", "_", ".") + g.pick(tagWords))
	}
	return b.String()
}

func (g generator) image(i int, path, tag string) pai.Image {
	id, name := fmt.Sprintf("image-%08x-%d", g.Uint32(), i), path+":"+tag
	created := time.Date(2024, 1, 1+g.IntN(100), 0, 0, 0, 0, time.UTC).Format(time.RFC3339)
	registry := registries[g.IntN(len(registries))]
	if !g.isOneOf(3) {
		registry = registries[len(path)%len(registries)] // so that many images of a path are in one registry
	}
	uri := g.pick(registry) + "/" + path + ":" + tag
	image := pai.Image{ImageID: &id, Name: &name, ImageURI: &uri, GmtCreateTime: &created, SourceID: new(strconv.Itoa(i))}
	image.Labels = g.labels(path, tag)
	switch g.IntN(60) {
	case 0:
		image.ImageURI = nil
	case 1:
		uri = g.pick(invalid)
	case 2:
		uri = strings.TrimSuffix(uri, ":"+tag)
	case 3:
		uri += digest
	case 4:
		image.Name = nil
	case 5:
		image.ImageID = nil // and a creation time that no other image has, so that no two images tie
		created = time.Date(2024, 1, 1, 0, 0, i, 1, time.UTC).Format(time.RFC3339Nano)
	case 6:
		created = g.oneOf("", "yesterday", "2024-01-01")
	case 7:
		image.GmtCreateTime = nil
	}
	return image
}

// labels returns the labels of an image with the tag. The framework's version is often that of the tag.
func (g generator) labels(path, tag string) []pai.Label {
	if g.isOneOf(10) {
		return nil
	}
	number, _, _ := strings.Cut(tag, "-")
	plain := strings.TrimPrefix(number, "v")
	version := g.oneOf(number, number, plain, plain+".0", g.version(path), " 2.9.0", "latest", "")
	labels := []pai.Label{
		{Key: new(pai.LabelOfficial), Value: new(g.oneOf("true", "false", ""))},
		{Key: new(pai.LabelChipType), Value: new(g.oneOf("GPU", "CPU", pai.AnyValue))},
		{},
		{Key: new(pai.LabelFrameworkPrefix + "pytorch"), Value: new("9.9")},
	}
	labels = labels[g.IntN(len(labels)+1):]
	for range g.IntN(5) % 3 { // two in one of five cases; the last applies
		value := version + g.sometimes(locals)
		label := pai.Label{Key: new(pai.LabelFrameworkPrefix + torch), Value: &value}
		if g.isOneOf(40) {
			label.Value = nil
		}
		labels = append(labels, label)
	}
	return labels
}
