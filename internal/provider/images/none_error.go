package images

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// maxInstead is of how many things an error says that images have them in the place of what was asked for.
const maxInstead = 4

// addNoneError repeats what was asked for, and says what of it to leave out, where one thing alone is too much.
func (l *imageLookup) addNoneError(ctx context.Context, conditions []condition, asked paiclient.ListImagesInput, given []pai.Image) {
	var (
		detail strings.Builder
		blamed []condition
	)
	if len(conditions) == 0 {
		detail.WriteString("Nothing was asked for, and the account sees no image.")
	} else {
		fmt.Fprintf(&detail, "Asked for:\n%s\n\n", listed(conditions))
		if len(given) > 0 {
			fmt.Fprintf(&detail, "The API found this, and none of it meets all: name and image_uri are exact here (name_regex takes a part of the name), version, name_regex and "+
				"official = false are checked here, and an image must not say that it is of another workspace or visibility, or not official. "+
				"%s:\n\n%s\n\n", shownOf(len(given), "image was found", "images were found"), candidates(given))
		}
		matches, err := l.matchesWithout(ctx, conditions, asked, given)
		for i := range conditions {
			if err == nil && len(matches[i]) > 0 {
				blamed = append(blamed, conditions[i])
			}
		}
		detail.WriteString(leftOut(conditions, matches, err))
		if err == nil && blamed == nil && len(conditions) > 1 {
			detail.WriteString(l.metByNone(ctx, conditions))
		}
	}
	detail.WriteString("\n\nEach region has images of its own: check the provider's region and endpoint, too.")
	if len(blamed) == 1 {
		l.diags.AddAttributeError(blamed[0].path, "No image matches", detail.String())
		return
	}
	l.diags.AddError("No image matches", detail.String())
}

// leftOut tells which single conditions stand between the user and an image, and what images have in their place: mostly, what could be
// written instead.
func leftOut(conditions []condition, matches [][]pai.Image, err error) string {
	if err != nil {
		return fmt.Sprintf("Whether one of them alone is too much could not be found out: %s", err)
	}
	var said []string
	for i, condition := range conditions {
		if len(matches[i]) > 0 {
			said = append(said, fmt.Sprintf("  %s (%s)", condition.text, haveInstead(condition, matches[i])))
		}
	}
	switch {
	case len(said) == 1:
		return "Without this, something matches:\n" + said[0]
	case said != nil:
		return "With any one of these left out, something matches:\n" + strings.Join(said, "\n")
	case len(conditions) == 1:
		return "Nothing is found without it, either."
	}
	return "No single one of them is to blame: whichever alone is left out, nothing is found. "
}

// metByNone tells, where several conditions are too much, those that no image meets at all.
func (l *imageLookup) metByNone(ctx context.Context, conditions []condition) string {
	input, _ := l.asked(ctx, &imageArguments{})
	listing, err := l.client.ListImages(ctx, input)
	switch {
	case err != nil:
		return fmt.Sprintf("Which of them no image meets could not be found out: %s", err)
	case len(listing.Images) == 0:
		return "Without all of them, nothing is found, either."
	}
	var said []string
	noFramework := false // and hence no version of it
	for _, condition := range conditions {
		meets := func(image pai.Image) bool { return condition.alone.MetBy(&image) }
		isVersion := condition.path.Equal(path.Root("version"))
		if isVersion && noFramework || slices.ContainsFunc(listing.Images, meets) {
			continue
		}
		noFramework = noFramework || condition.path.Equal(path.Root("framework"))
		said = append(said, fmt.Sprintf("  %s (%s)", condition.text, haveInstead(condition, listing.Images)))
	}
	if said == nil {
		return "Each is met by some image, but not by the same one. Leave several out, and put them back one at a time."
	}
	return "No image at all meets this:\n" + strings.Join(said, "\n")
}

// haveInstead counts images, and says what they have in the place of a condition: what most of them have first, but before all what
// differs from it by case alone.
func haveInstead(left condition, images []pai.Image) string {
	count := sentence(len(images), "image", "images")
	if left.has == nil {
		return count
	}
	having := make(map[string]int)
	for i := range images {
		for _, text := range left.has(&images[i]) {
			having[shortened(text, "")]++
		}
	}
	meant := func(text string) int {
		if strings.EqualFold(text, left.text) && text != left.text {
			return 1
		}
		return 0
	}
	texts := slices.SortedFunc(maps.Keys(having), func(a, b string) int {
		return cmp.Or(cmp.Compare(meant(b), meant(a)), cmp.Compare(having[b], having[a]), cmp.Compare(a, b))
	})
	if meant(texts[0]) == 1 {
		texts[0] += " (the case counts)"
	}
	if more := len(texts) - maxInstead; more > 0 {
		texts = append(texts[:maxInstead], fmt.Sprintf("and %d more", more))
	}
	return count + ", with " + strings.Join(texts, ", ")
}
