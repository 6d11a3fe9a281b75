package images

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/lookup"
)

// imageLookup is one read of pai_image.
type imageLookup struct {
	imageConfig
	connection *lookup.Connection
	diags      *diag.Diagnostics
	list       *paiclient.ImageList // nil if no images were listed
}

// run returns the selected image and the number of matching images. It returns nil and adds an error if it selects no
// image.
func (l *imageLookup) run(ctx context.Context) (image *pai.Image, matched int) {
	if !l.imageID.IsNull() {
		if image := l.getByID(ctx); image != nil {
			return image, 1
		}
		return nil, 0
	}
	list, err := l.connection.ListImages(ctx, l.filters.listInput())
	if err != nil {
		l.connection.AddRequestError(l.diags, err, strings.TrimSpace(l.filters.paragraph()), l.parameterPath)
		return nil, 0
	}
	l.list = list
	lookup.AddIncompleteWarning(l.diags, list.Incomplete, "images")
	l.filters.addContradictedWarning(l.diags, list.Images, "")
	matching := l.filters.applyStrict(list.Images)
	if len(matching) == 0 {
		l.addNoMatchError(ctx, list.Images)
		return nil, 0
	}
	return l.selectFrom(matching), len(matching)
}

// requested returns the filters and the region, if known, as a paragraph of a diagnostic, after an empty line. It
// returns "" if there are neither.
func (l *imageLookup) requested() string {
	paragraph := l.filters.paragraph()
	if l.connection.Region.IsNull() {
		return paragraph
	}
	if paragraph == "" {
		paragraph = "\n"
	}
	return paragraph + "\nRegion: " + l.connection.Region.ValueString()
}

// parameterPath returns the path of the argument that sets the request parameter, and whether the argument is set.
func (l *imageLookup) parameterPath(parameter string) (path.Path, bool) {
	if argument, ok := l.arguments().Path(parameter); ok {
		return argument, true
	}
	return l.filters.parameterPath(parameter)
}

// getByID requests the image with the configured ID. It returns nil and adds errors if the image doesn't exist, or
// doesn't match all filters.
func (l *imageLookup) getByID(ctx context.Context) *pai.Image {
	id := l.imageID.ValueString()
	quotedID := hcltext.Quote(id)
	image, err := l.connection.GetImage(ctx, id, true)
	if lookup.IsNotFound(err) {
		l.diags.AddAttributeError(path.Root("image_id"), "No image with this ID", fmt.Sprintf(
			"The API found no image with `image_id = %s`. The image may have been deleted, or belong to another region.\n\n"+
				"%s.\n\nCheck `image_id` and `region`.", quotedID, err))
		return nil
	}
	if err != nil {
		l.connection.AddRequestError(l.diags, err, l.arguments().Paragraph(), l.parameterPath)
		return nil
	}
	matches, framework := true, l.filters.framework()
	for i := range l.filters {
		f := &l.filters[i]
		if f.match == nil || f.match(image, framework) {
			continue
		}
		matches = false
		advice := "Change or remove the filter, or set another `image_id`."
		if f.hasWildcard() {
			advice += " " + l.filters.wildcardAdvice(f)
		}
		l.diags.AddAttributeError(f.path, "Image does not match the filters", fmt.Sprintf(
			"Image %s does not match `%s`.%s\n\n%s",
			quotedID, f.hcl(), f.describeValues([]pai.Image{*image}, framework), advice))
	}
	if !matches {
		return nil
	}
	return image
}
