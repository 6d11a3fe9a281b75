package main

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
)

const (
	maxPages   = 20 // of official images; the other requests need the rest of maxRequests
	imagesPath = "/api/v1/images"
)

// session is one run of the program: the connection, and what it has read so far.
type session struct {
	client      *paiclient.Client
	credentials *limitedCredentials
	attempts    []paiclient.Attempt // all attempts so far

	pageSize      int         // that the service accepts, at most 100
	pages         []imagePage // the pages of official images, by creation time
	listed        int         // number of distinct images on these pages
	official      []pai.Image // those of them that have the label of official images
	isComplete    bool        // whether pages has every page of the service
	workspaces    []pai.Workspace
	workspacesErr error // of listing the workspaces
}

// imagePage is a response of ListImages.
type imagePage struct {
	Images     []pai.Image `json:"Images"`
	TotalCount *int64      `json:"TotalCount"`
}

// total returns the TotalCount, or -1 if there is none.
func (p imagePage) total() int {
	if p.TotalCount == nil {
		return -1
	}
	return int(*p.TotalCount)
}

// contains reports whether the image is on the page.
func (p imagePage) contains(image pai.Image) bool {
	return slices.ContainsFunc(p.Images, func(other pai.Image) bool { return other.Identity() == image.Identity() })
}

// parameters are the query of a request.
type parameters map[string]string

// with returns a copy of the parameters with one more, or with another value.
func (p parameters) with(name, value string) parameters {
	changed := maps.Clone(p)
	changed[name] = value
	return changed
}

// officialImages are the parameters of the pages of official images, without the page.
var officialImages = parameters{
	"Labels": pai.LabelOfficial + "=true", "Verbose": "true",
	"SortBy": paiclient.SortByCreated, "Order": paiclient.Ascending,
}

// fetch sends a request and decodes the response into target. It decodes what the client decodes.
func (s *session) fetch(ctx context.Context, action, path string, p parameters, target any) error {
	query := url.Values{}
	for name, value := range p {
		query.Set(name, value)
	}
	body, err := s.client.Get(ctx, action, path, query)
	if err != nil {
		return err
	}
	decoder := paijson.NewBudget().NewDecoder()
	defer decoder.Close()
	_, err = decoder.Decode(ctx, body, target)
	return err
}

// images returns the page of images for the parameters.
func (s *session) images(ctx context.Context, p parameters) (imagePage, error) {
	var page imagePage
	err := s.fetch(ctx, "ListImages", imagesPath, p, &page)
	return page, err
}

// imagesOnPage returns a page of the list of images with the parameters.
func (s *session) imagesOnPage(ctx context.Context, p parameters, number int) (imagePage, error) {
	return s.images(ctx, p.with("PageNumber", strconv.Itoa(number)).with("PageSize", strconv.Itoa(s.pageSize)))
}

// listWorkspaces returns the first page of workspaces for the parameters.
func (s *session) listWorkspaces(ctx context.Context, p parameters) ([]pai.Workspace, error) {
	var page struct {
		Workspaces []pai.Workspace `json:"Workspaces"`
	}
	err := s.fetch(ctx, "ListWorkspaces", "/api/v1/workspaces", p.with("PageSize", strconv.Itoa(s.pageSize)), &page)
	return page.Workspaces, err
}

// collect reads the official images and a page of workspaces, which the probes use as examples. It reads smaller pages
// if the service refuses the page size.
func (s *session) collect(ctx context.Context) error {
	var err error
	for _, s.pageSize = range []int{paiclient.MaxPageSize, 50, 20} {
		if err = s.collectImages(ctx); !isRefused(err) {
			break
		}
	}
	if err != nil {
		return err
	}
	s.workspaces, s.workspacesErr = s.listWorkspaces(ctx, parameters{})
	return ctx.Err()
}

func (s *session) collectImages(ctx context.Context) error {
	s.pages, s.official, s.listed, s.isComplete = nil, nil, 0, false
	seen, received := map[string]bool{}, 0
	for number := 1; number <= maxPages; number++ {
		page, err := s.imagesOnPage(ctx, officialImages, number)
		if err != nil {
			return err
		}
		s.pages = append(s.pages, page)
		received += len(page.Images)
		for _, image := range page.Images {
			if seen[image.Identity()] {
				continue
			}
			seen[image.Identity()] = true
			s.listed++
			if hasLabel(image, func(key, value string) bool { return key == pai.LabelOfficial && value == "true" }) {
				s.official = append(s.official, image)
			}
		}
		// A full page may be followed by others even if the count says otherwise, because the count may be that of the page.
		if len(page.Images) == 0 || len(page.Images) < s.pageSize && received >= page.total() {
			s.isComplete = true
			break
		}
	}
	return nil
}

// countsAll reports whether all pages were read, and TotalCount is the number of their images.
func (s *session) countsAll() bool { return s.isComplete && s.pages[0].total() == s.listed }

// sample returns the first official image for which the function returns true.
func (s *session) sample(isSuitable func(pai.Image) bool) (pai.Image, bool) {
	at := slices.IndexFunc(s.official, isSuitable)
	if at < 0 {
		return pai.Image{}, false
	}
	return s.official[at], true
}

// countOfficial returns the number of official images for which the function returns true.
func (s *session) countOfficial(matches func(pai.Image) bool) int {
	n := 0
	for _, image := range s.official {
		if matches(image) {
			n++
		}
	}
	return n
}

// isRefused reports whether the service refused a parameter.
func isRefused(err error) bool {
	apiErr, ok := errors.AsType[*paiclient.APIError](err)
	return ok && apiErr.Kind == paiclient.KindParameter
}

// createdAt returns the creation time of an image, and whether it has a valid one.
func createdAt(image pai.Image) (time.Time, bool) {
	return pai.ParseTime(pai.OrEmpty(image.GmtCreateTime))
}
