package main

import (
	"context"
	"slices"
	"strconv"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

var pageProbes = []probe{
	{"PageSize=100", "100 images on a page", fullPage},
	{"PageSize=200", "at most 100 images, or refused", largerPage(200)},
	{"PageSize=1000", "at most 100 images, or refused", largerPage(1000)},
	{"default of PageSize", "20", defaultPageSize},
	{"TotalCount", "counts the images of all pages", totalCount},
	{"page after the last one", "no images", pageAfterLast},
	{"SortBy=GmtCreateTime, Order=ASC", "oldest first", ascending},
	{"SortBy=GmtCreateTime, Order=DESC", "newest first", descending},
	{"images with equal creation times", "the same order in each request", ties},
	{"default of Verbose in ListImages", "false: no labels", defaultVerbose},
	{"Labels without Verbose", "the same images as with Verbose", labelsWithoutVerbose},
}

// fullPage uses the pages that collect read.
func fullPage(ctx context.Context, s *session) (result, error) {
	const size = paiclient.MaxPageSize
	first := s.pages[0]
	if s.listed < size {
		return unseen("images read: %d", count(s.listed))
	}
	if len(first.Images) == size {
		return assess(true, "images: %d", count(len(first.Images)))
	}
	page, err := s.images(ctx, officialImages.with("PageSize", strconv.Itoa(size)))
	if err != nil {
		return result{}, err
	}
	return assess(len(page.Images) == size, "images: %d", count(len(page.Images)))
}

func largerPage(size int) probeFunc {
	return func(ctx context.Context, s *session) (result, error) {
		if s.listed <= paiclient.MaxPageSize {
			return unseen("images read: %d", count(s.listed))
		}
		page, err := s.images(ctx, officialImages.with("PageSize", strconv.Itoa(size)).with("Verbose", "false"))
		if isRefused(err) {
			return assess(true, "refused: %s", failureOf(err))
		}
		if err != nil {
			return result{}, err
		}
		return assess(len(page.Images) <= paiclient.MaxPageSize, "images: %d", count(len(page.Images)))
	}
}

func defaultPageSize(ctx context.Context, s *session) (result, error) {
	const size = 20 // the API's reference states it
	if s.listed <= size {
		return unseen("images read: %d", count(s.listed))
	}
	page, err := s.images(ctx, parameters{"Labels": officialImages["Labels"]})
	if err != nil {
		return result{}, err
	}
	return assess(len(page.Images) == size, "images: %d", count(len(page.Images)))
}

// totalCount uses the pages that collect read.
func totalCount(_ context.Context, s *session) (result, error) {
	first := s.pages[0]
	switch {
	case first.TotalCount == nil:
		return assess(false, "no TotalCount")
	case !s.isComplete || s.listed == len(first.Images):
		return unseen("TotalCount %d, images read: %d", count(first.total()), count(s.listed))
	}
	return assess(first.total() == s.listed, "TotalCount %d, images on all pages: %d",
		count(first.total()), count(s.listed))
}

func pageAfterLast(ctx context.Context, s *session) (result, error) {
	if !s.isComplete {
		return unseen("pages read: %d, which are not all", count(len(s.pages)))
	}
	page, err := s.imagesOnPage(ctx, officialImages, s.listed+1)
	if err != nil {
		return result{}, err
	}
	return assess(len(page.Images) == 0, "images: %d", count(len(page.Images)))
}

// ascending uses the pages that collect read.
func ascending(_ context.Context, s *session) (result, error) {
	var images []pai.Image
	for _, page := range s.pages {
		images = append(images, page.Images...)
	}
	return assessOrder(images, time.Time.Before)
}

func descending(ctx context.Context, s *session) (result, error) {
	page, err := s.imagesOnPage(ctx, officialImages.with("Order", paiclient.Descending), 1)
	if err != nil {
		return result{}, err
	}
	return assessOrder(page.Images, time.Time.After)
}

// assessOrder checks that no image comes before the previous one. It ignores images without a valid creation time.
func assessOrder(images []pai.Image, before func(time.Time, time.Time) bool) (result, error) {
	var previous time.Time
	read, wrong := 0, 0
	for _, image := range images {
		created, ok := createdAt(image)
		if !ok {
			continue
		}
		if read > 0 && before(created, previous) {
			wrong++
		}
		previous = created
		read++
	}
	if read < 2 {
		return unseen("images with a creation time: %d", count(read))
	}
	return assess(wrong == 0, "images in the wrong place: %d of %d", count(wrong), count(read))
}

// ties reads the page with the most equal creation times again.
func ties(ctx context.Context, s *session) (result, error) {
	most, number := 0, 0
	for i, page := range s.pages {
		if equal := countTies(page.Images); equal > most {
			most, number = equal, i+1
		}
	}
	if number == 0 {
		return unseen("no equal creation times")
	}
	before := s.pages[number-1].Images
	page, err := s.imagesOnPage(ctx, officialImages, number)
	if err != nil {
		return result{}, err
	}
	isSame := slices.EqualFunc(before, page.Images, func(a, b pai.Image) bool { return a.Identity() == b.Identity() })
	if isSame {
		return assess(true, "the same order; images with the time of another one: %d", count(most))
	}
	return assess(false, "another order; images with the time of another one: %d", count(most))
}

// countTies returns the number of images with the creation time of the previous image.
func countTies(images []pai.Image) int {
	equal := 0
	for i := 1; i < len(images); i++ {
		created, ok := createdAt(images[i])
		if previous, _ := createdAt(images[i-1]); ok && created.Equal(previous) {
			equal++
		}
	}
	return equal
}

func defaultVerbose(ctx context.Context, s *session) (result, error) {
	page, err := s.images(ctx, parameters{"Labels": officialImages["Labels"]})
	if err != nil {
		return result{}, err
	}
	return assessLabels(page.Images)
}

func assessLabels(images []pai.Image) (result, error) {
	labelled := 0
	for _, image := range images {
		if len(image.Labels) > 0 {
			labelled++
		}
	}
	if len(images) == 0 {
		return unseen("no images")
	}
	return assess(labelled == 0, "images with labels: %d of %d", count(labelled), count(len(images)))
}

func labelsWithoutVerbose(ctx context.Context, s *session) (result, error) {
	if !s.countsAll() {
		return unseen("TotalCount %d, images read: %d", count(s.pages[0].total()), count(s.listed))
	}
	page, err := s.images(ctx, officialImages.with("Verbose", "false"))
	if err != nil {
		return result{}, err
	}
	return assess(page.total() == s.listed, "TotalCount %d, and %d with Verbose",
		count(page.total()), count(s.listed))
}
