package selection

import (
	"regexp"
	"testing"

	"github.com/hashicorp/go-version"
	"pgregory.net/rapid"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

var (
	regexps = []*regexp.Regexp{regexp.MustCompile("torch"), regexp.MustCompile("^pytorch:"), regexp.MustCompile("^$")}

	// constraints name no pre-release: how one meets those that do is in TestVersionConstraints.
	constraints = []version.Constraints{
		constraint(">= 2.9"), constraint("< 2.9"), constraint("!= 2.12"), constraint("~> 1.9"), constraint("> 1, < 2.12"),
	}
)

// question is what a user asks of a catalogue.
type question struct {
	images []pai.Image
	Criteria
}

// questions leave out most criteria, and most others are met by some image: else no image would meet all of them.
func questions(t *testing.T) *rapid.Generator[question] {
	t.Helper()
	catalogue, some := catalogues(t), imagesAt(allURIs(t))
	labels := rapid.MapOfN(anyOf(labelKeys), anyOf(labelValues), 0, 2)
	return rapid.Custom(func(t *rapid.T) question {
		q := question{images: catalogue.Draw(t, "images")}
		like := some.Draw(t, "another image")
		if len(q.images) > 0 && rapid.IntRange(0, 3).Draw(t, "of four") > 0 {
			like = rapid.SampledFrom(q.images).Draw(t, "like")
		}
		asked := func(criterion string) bool { return rapid.IntRange(0, 5).Draw(t, criterion+", of six") == 5 }
		q.Framework, q.NotOfficial = anyOf([]string{"", torch}).Draw(t, "framework"), asked("not official")
		if asked("name") {
			q.Name = textOf(like.Name)
		}
		if asked("uri") {
			q.ImageURI = textOf(like.ImageURI)
		}
		if asked("workspace") {
			q.WorkspaceID = textOf(like.WorkspaceID)
		}
		if asked("accessibility") {
			q.Accessibility = textOf(like.Accessibility)
		}
		if asked("labels") {
			q.Labels = labels.Draw(t, "labels")
			for _, label := range like.Labels {
				q.Labels[textOf(label.Key)] = textOf(label.Value)
			}
		}
		if asked("regexp") {
			q.NameRegex = rapid.SampledFrom(regexps).Draw(t, "regexp")
		}
		if asked("version") {
			q.Version = rapid.SampledFrom(constraints).Draw(t, "version")
		}
		return q
	})
}
