package main

import (
	"context"
	"errors"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

const (
	missingImage     = "image-0000000000000000"
	missingWorkspace = "999999999999999"
)

var responseProbes = []probe{
	{"WorkspaceId of official images", "missing or empty", workspaceOfOfficial},
	{"ImageId in GetImage", "missing", imageIDInGetImage},
	{"default of Verbose in GetImage", "false: no labels", verboseInGetImage},
	{"ListImageLabels", "all labels of the images, in one response", allLabels},
	{"GetImage with a wrong ID", "an error that means not found", wrongImage},
	{"GetWorkspace with a wrong ID", "an error that means not found", wrongWorkspace},
	{"ListImages with a wrong WorkspaceId", "no images", imagesOfWrongWorkspace},
}

// errorProbes send no requests. They use the errors of all requests before.
var errorProbes = []probe{
	{"error of a missing right", "HTTP 403, or 404 with code 100700008", errorsOfKind(paiclient.KindPermission,
		func(f failure) bool { return f.status == 403 || f.code == paiclient.CodeDenied })},
	{"error of throttling", "a code with Throttling", errorsOfKind(paiclient.KindThrottled,
		func(f failure) bool { return strings.Contains(f.code, "Throttling") })},
	{"error codes that the provider doesn't know", "none", errorsOfKind(paiclient.KindOther,
		func(failure) bool { return false })},
}

func workspaceOfOfficial(_ context.Context, s *session) (result, error) {
	owned := s.countOfficial(func(i pai.Image) bool { return pai.OrEmpty(i.WorkspaceID) != "" })
	if len(s.official) == 0 {
		return unseen("no official images")
	}
	return assess(owned == 0, "images with one: %d of %d", count(owned), count(len(s.official)))
}

// getImage requests an official image with labels, without parameters.
func (s *session) getImage(ctx context.Context) (image pai.Image, ok bool, err error) {
	sample, ok := s.sample(func(i pai.Image) bool { return pai.OrEmpty(i.ImageID) != "" && len(i.Labels) > 0 })
	if !ok {
		return pai.Image{}, false, nil
	}
	err = s.fetch(ctx, "GetImage", imagesPath+"/"+pai.OrEmpty(sample.ImageID), nil, &image)
	return image, true, err
}

func imageIDInGetImage(ctx context.Context, s *session) (result, error) {
	image, ok, err := s.getImage(ctx)
	switch {
	case err != nil:
		return result{}, err
	case !ok:
		return unseen("no official image with labels")
	case image.ImageID == nil:
		return assess(true, "missing")
	}
	return assess(false, "present")
}

func verboseInGetImage(ctx context.Context, s *session) (result, error) {
	image, ok, err := s.getImage(ctx)
	if err != nil || !ok {
		r, _ := unseen("no official image with labels")
		return r, err
	}
	return assessLabels([]pai.Image{image})
}

// allLabels compares the labels of the official images with those that ListImageLabels returns for these images.
func allLabels(ctx context.Context, s *session) (result, error) {
	var response struct {
		Labels []pai.Label `json:"Labels"`
	}
	err := s.fetch(ctx, "ListImageLabels", "/api/v1/image/labels", parameters{"LabelFilter": officialImages["Labels"]},
		&response)
	if err != nil {
		return result{}, err
	}
	listed, missing := map[[2]string]bool{}, map[[2]string]bool{}
	for _, label := range response.Labels {
		listed[[2]string{pai.OrEmpty(label.Key), pai.OrEmpty(label.Value)}] = true
	}
	for _, image := range s.official {
		for _, label := range image.Labels {
			if pair := [2]string{pai.OrEmpty(label.Key), pai.OrEmpty(label.Value)}; !listed[pair] {
				missing[pair] = true
			}
		}
	}
	return assess(len(missing) == 0, "labels: %d, missing labels of images: %d", count(len(listed)), count(len(missing)))
}

func wrongImage(ctx context.Context, s *session) (result, error) {
	return assessNotFound(s.fetch(ctx, "GetImage", imagesPath+"/"+missingImage, nil, &struct{}{}))
}

func wrongWorkspace(ctx context.Context, s *session) (result, error) {
	return assessNotFound(s.fetch(ctx, "GetWorkspace", "/api/v1/workspaces/"+missingWorkspace, nil, &struct{}{}))
}

func assessNotFound(err error) (result, error) {
	apiErr, ok := errors.AsType[*paiclient.APIError](err)
	switch {
	case err == nil:
		return assess(false, "no error")
	case !ok:
		return result{}, err
	}
	return assess(apiErr.Kind == paiclient.KindNotFound && apiErr.Code != "", "%s", failureOf(err))
}

func imagesOfWrongWorkspace(ctx context.Context, s *session) (result, error) {
	page, err := s.images(ctx, parameters{"WorkspaceId": missingWorkspace})
	if _, ok := errors.AsType[*paiclient.APIError](err); ok {
		return assess(false, "%s", failureOf(err))
	}
	if err != nil {
		return result{}, err
	}
	return assess(len(page.Images) == 0, "images: %d", count(len(page.Images)))
}

// errorsOfKind returns a function that compares the errors of a kind with what the provider expects of them. It shows
// the first unexpected error, or else the first one.
func errorsOfKind(kind paiclient.Kind, isExpected func(failure) bool) probeFunc {
	return func(_ context.Context, s *session) (result, error) {
		var first *failure
		total := 0
		for _, attempt := range s.attempts {
			apiErr, ok := errors.AsType[*paiclient.APIError](attempt.Err)
			if !ok {
				continue
			}
			total++
			if apiErr.Kind != kind {
				continue
			}
			f := failure{apiErr.Status, apiErr.Code}
			if !isExpected(f) {
				return assess(false, "%s", f)
			}
			if first == nil {
				first = &f
			}
		}
		switch {
		case first != nil:
			return assess(true, "%s", *first)
		case kind == paiclient.KindOther && total > 0:
			return assess(true, "errors: %d, all known", count(total))
		}
		return unseen("no such error")
	}
}
