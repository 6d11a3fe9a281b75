package images

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"golang.org/x/sync/errgroup"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// imageLookup is one reading of `pai_image`.
type imageLookup struct {
	client lookup.Client
	config *imageModel
	isSet  func(argument string) bool
	diags  *diag.Diagnostics

	// For the log.
	asks    []condition
	listing *paiclient.ImageList
}

// one gives the image that is meant, and how many matched before the choice. Where there is none it says why, and
// gives nil.
func (l *imageLookup) one(ctx context.Context) (image *pai.Image, matched int) {
	conditions := l.config.conditions(ctx, l.diags)
	if l.diags.HasError() {
		return nil, 0
	}
	l.asks = conditions
	if !l.config.ImageID.IsNull() {
		if image := l.byID(ctx, conditions); image != nil && !l.diags.HasError() {
			return image, 1
		}
		return nil, 0
	}
	input, criteria := l.asked(ctx, &l.config.imageArguments)
	if l.diags.HasError() {
		return nil, 0
	}
	listing, err := l.client.ListImages(ctx, input)
	if err != nil {
		lookup.AddRequestError(l.diags, err, input.String(), l.isSet)
		return nil, 0
	}
	l.listing = listing
	addUnsettledWarning(l.diags, listing.Incomplete)
	found := matching(listing.Images, input, criteria)
	if len(found) == 0 {
		l.addNoneError(ctx, conditions, input, listing.Images)
		return nil, 0
	}
	return l.choose(found, conditions), len(found)
}

// byID asks for the one image, and holds it against what else is asked for.
func (l *imageLookup) byID(ctx context.Context, conditions []condition) *pai.Image {
	id := l.config.ImageID.ValueString()
	image, err := l.client.GetImage(ctx, id, true)
	if err != nil {
		if isNoSuchImage(err) {
			l.diags.AddAttributeError(path.Root("image_id"), "No image has this id", fmt.Sprintf(
				"Asked for: ImageId = %q\nAnswer: %s\n\nThe image may have been deleted, or belong to another region: check image_id, and the "+
					"provider's region and endpoint.", id, err))
			return nil
		}
		lookup.AddRequestError(l.diags, err, fmt.Sprintf("ImageId = %q", id), l.isSet)
		return nil
	}
	for _, condition := range conditions {
		if condition.alone.MetBy(image) {
			continue
		}
		l.diags.AddAttributeError(condition.path, "The image is not what is asked for", fmt.Sprintf(
			"%s is asked for, and the image %s has %s. Change or leave out the argument, or look for another image_id.",
			condition.text, id, strings.Join(condition.has(image), " and ")))
	}
	return image
}

// asked gives what the API is asked for by arguments, and what is then checked here.
func (l *imageLookup) asked(ctx context.Context, arguments *imageArguments) (paiclient.ListImagesInput, selection.Criteria) {
	input := arguments.request(ctx, l.diags)
	input.Verbose = true
	criteria, err := arguments.criteria()
	if err != nil {
		l.diags.AddError("Invalid criteria", err.Error())
	}
	criteria.Name, criteria.ImageURI = arguments.Name.ValueString(), arguments.ImageURI.ValueString()
	return input, criteria
}

// matching gives the images that meet what is checked here, and don't say that they are something else than the API was
// asked for. A choice among official images, or those of a workspace, comes without a warning, so it doesn't rest on the
// API's filter alone.
func matching(images []pai.Image, asked paiclient.ListImagesInput, criteria selection.Criteria) []pai.Image {
	of := selection.Criteria{WorkspaceID: asked.WorkspaceID, Accessibility: asked.Accessibility, Labels: asked.Labels}
	return slices.DeleteFunc(selection.Filter(images, criteria), func(image pai.Image) bool { return of.ContradictedBy(&image) })
}

// isNoSuchImage says that the API itself knows no image of the id. A 404 without a code is some other server's, and one of
// InvalidAction says that there is no such API at the address.
func isNoSuchImage(err error) bool {
	var api *paiclient.APIError
	return errors.As(err, &api) && api.Kind == paiclient.KindNotFound && api.Code != "" && !strings.HasPrefix(api.Code, "InvalidAction")
}

// matchesWithout gives the images that would match if each of the conditions alone were left out. What the API was not
// asked for is checked on the images that it gave; each of the others takes a listing of its own.
func (l *imageLookup) matchesWithout(ctx context.Context, conditions []condition, asked paiclient.ListImagesInput,
	given []pai.Image,
) ([][]pai.Image, error) {
	matches := make([][]pai.Image, len(conditions))
	group, ctx := errgroup.WithContext(ctx)
	for i := range conditions {
		input, criteria := l.asked(ctx, &conditions[i].without)
		if reflect.DeepEqual(input, asked) {
			matches[i] = matching(given, input, criteria)
			continue
		}
		group.Go(func() error {
			listing, err := l.client.ListImages(ctx, input)
			if err != nil {
				return err
			}
			matches[i] = matching(listing.Images, input, criteria)
			return nil
		})
	}
	return matches, group.Wait()
}
