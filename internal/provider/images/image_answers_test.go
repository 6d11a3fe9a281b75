package images_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestSingleImageAnswers: what a single image makes of answers that are no image: on which argument, under which summary,
// in which words.
func TestSingleImageAnswers(t *testing.T) {
	t.Parallel()
	byID, official := values{"image_id": "image-1"}, values{"official": true, "most_recent": true}
	listed := func(image string) paisandbox.Effect {
		return paisandbox.Body(200, `{"TotalCount":1,"Images":[`+image+`]}`)
	}
	for name, test := range map[string]struct {
		block         values
		answer        paisandbox.Effect
		path, summary string
		says          string
	}{
		"a 404 of the API":        {byID, paisandbox.APIError(404, "100700099", "gone"), "image_id", "No image has this id", `ImageId = "image-1"`},
		"a 404 that means denied": {byID, paisandbox.APIError(404, "100700008", "RBAC"), "", "The credentials may not look images up", `ImageId = "image-1"`},
		"a 404 of another API":    {byID, paisandbox.APIError(404, "InvalidAction.NotFound", "no"), "", "The image API did not find what was asked for", "endpoint"},
		"a 404 of a proxy":        {byID, paisandbox.Status(404, "text/html", "<html>"), "", "The image API did not find what was asked for", "HTTP 404"},
		"a 404 without a code":    {byID, paisandbox.Body(404, `{}`), "", "The image API did not find what was asked for", "HTTP 404"},
		"a refused id":            {byID, paisandbox.APIError(400, "InvalidParameter.ImageId", "no"), "image_id", "The image API refuses a parameter", "ImageId"},
		"throttled":               {byID, paisandbox.Throttle(429, 0), "", "The image API throttles these requests", "max_retries"},
		"no image in the answer":  {byID, paisandbox.Body(200, `{"RequestId":"R"}`), "", "The answer is not one of the image API", "endpoint"},
		"a refused label":         {official, paisandbox.APIError(400, "InvalidParameter.Labels", "no"), "official", "The image API refuses a parameter", "Labels"},
		"a time limit":            {values{"timeouts": map[string]any{"read": "200ms"}}, paisandbox.Hang(), "", "The lookup took too long", `timeouts = { read`},
		"an image that isn't official": {
			official, listed(`{"ImageId":"a","ImageUri":"evil.example.com/x:1","Labels":[{"Key":"system.official","Value":"false"}]}`), "official",
			"No image matches", "The API found this, and none of it meets all",
		},
		"an image of another workspace": {
			values{"workspace_id": "20455"}, listed(`{"ImageId":"a","ImageUri":"evil.example.com/x:1","WorkspaceId":"666"}`), "workspace_id", "No image matches", "evil.example.com",
		},
		"an image of another visibility": {
			values{"accessibility": "PUBLIC"}, listed(`{"ImageId":"a","ImageUri":"x:1","Accessibility":"PRIVATE"}`), "accessibility", "No image matches", "x:1",
		},
		"an image without its labels": {official, listed(`{"ImageId":"a","ImageUri":"x:1"}`), "", "", ""}, // nothing speaks against it
		"an image without a URI":      {official, listed(`{"ImageId":"a","Name":"n"}`), "", "The image has no URI", "for the image a,"},
		"no image at all":             {values{}, paisandbox.Body(200, `{"TotalCount":0,"Images":[]}`), "", "No image matches", "Nothing was asked for, and the account sees no image."},
		"nothing without it either":   {official, paisandbox.Body(200, `{"TotalCount":0,"Images":[]}`), "", "No image matches", "Nothing is found without it, either."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := providertest.Start(t, paisandbox.Options{})
			sandbox.AddFault(paisandbox.Fault{Do: test.answer})
			tf := newTerraform(t)
			tf.DataSource = "pai_image"
			block := providertest.SignedIn(sandbox)
			block["max_retries"] = 1
			providertest.WantNone(t, tf.Configure(block))
			read := tf.Read(t.Context(), test.block)
			if test.summary == "" {
				providertest.WantNone(t, read.Diagnostics)
				return
			}
			diagnostic := providertest.Only(t, read.Diagnostics)
			path := ""
			if test.path != "" {
				path = `AttributeName("` + test.path + `")`
			}
			if diagnostic.Summary != test.summary || diagnostic.Attribute.String() != path || !strings.Contains(diagnostic.Detail, test.says) {
				t.Errorf("%s: %s: %s", diagnostic.Attribute, diagnostic.Summary, diagnostic.Detail)
			}
		})
	}
}

// TestChoiceFromAnUnsettledList comes with a warning that it may be the wrong one.
func TestChoiceFromAnUnsettledList(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(120)})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.TotalCount(130)})
	read := single(t, sandbox).Read(t.Context(), values{"official": true, "most_recent": true})
	warning := providertest.Only(t, read.Diagnostics)
	if warning.Severity != tfprotov6.DiagnosticSeverityWarning || warning.Summary != "The list may not be complete" || read.State == nil {
		t.Errorf("%s: %s", warning.Summary, warning.Detail)
	}
}

// TestTenCandidatesAreAllShown, and a long name makes no line longer than it has to be.
func TestTenCandidatesAreAllShown(t *testing.T) {
	t.Parallel()
	images := paisandbox.Numbered(10)
	images[3] = images[3].With(func(i *paisandbox.Image) { i.Name = paisandbox.Value(strings.Repeat("ä", 10_000)) })
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: images})
	detail := providertest.Only(t, single(t, sandbox).Read(t.Context(), values{"official": true}).Diagnostics).Detail
	if !strings.HasPrefix(detail, "10 images match:\n") || strings.Count(detail, "Z  image-") != 10 || len(detail) > 6000 ||
		!strings.Contains(detail, "ä…  dsw-registry") {
		t.Errorf("%d characters: %s", len(detail), detail)
	}
}

// TestConditionsOnAnImage: how an image that lacks what is asked for is described.
func TestConditionsOnAnImage(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string][]string{
		`{"Name":null,"ImageUri":"r/x:latest"}`: {
			"labels = { \"a\" = \"1\" }: no label a", "labels = { \"b\" = \"2\" }: no label b", "framework = \"PyTorch\": no framework",
			"name = \"n\": no name", "version = \"~> 2.0\": no version of PyTorch",
		},
		`{"Name":"m","ImageUri":"r/x:2.0.0","Labels":[{"Value":"1"},{"Key":"a"},{"Key":"a","Value":"3"},{"Key":"b","Value":"2"},
			{"Key":"system.framework.PyTorch","Value":"3.1"}]}`: {
			"labels = { \"a\" = \"1\" }: the label a = <null> and the label a = \"3\"", "name = \"n\": name = \"m\"",
			"version = \"~> 2.0\": version 3.1 of PyTorch",
		},
	} {
		sandbox := providertest.Start(t, paisandbox.Options{})
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, answer)})
		read := single(t, sandbox).Read(t.Context(), values{
			"image_id": "image-1", "name": "n", "framework": "PyTorch", "version": "~> 2.0", "labels": map[string]any{"a": "1", "b": "2"},
		})
		var got []string
		for _, diagnostic := range read.Diagnostics {
			asked, has, _ := strings.Cut(diagnostic.Detail, " is asked for, and the image image-1 has ")
			got = append(got, asked+": "+strings.TrimSuffix(has, ". Change or leave out the argument, or look for another image_id."))
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestNoVersionOfAFramework names the label that holds none.
func TestNoVersionOfAFramework(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		paisandbox.Official("r/pai/x:1.0", paisandbox.L("system.framework.PyTorch", "nightly")),
	}})
	diagnostic := providertest.Only(t, single(t, sandbox).Read(t.Context(), values{"official": true, "framework": "PyTorch", "latest_version": true}).Diagnostics)
	want := "The version is the value of the label system.framework.PyTorch, and none is a version. 1 image matches:"
	if diagnostic.Summary != "No image has a version to choose by" || !strings.HasPrefix(diagnostic.Detail, want) {
		t.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
	diagnostic = providertest.Only(t, single(t, providertest.Start(t, paisandbox.Options{Catalogue: providertest.SmallCatalogue()})).Read(t.Context(), values{"latest_version": true}).Diagnostics)
	if !strings.HasSuffix(diagnostic.Detail, `as in name_regex = "^pytorch:".`) || !strings.HasPrefix(diagnostic.Detail, fmt.Sprint(7, " images with a version")) {
		t.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail)
	}
}

// TestCandidatesArePrintable: whoever names an image can't break the table, or the terminal.
func TestCandidatesArePrintable(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{Catalogue: []paisandbox.Image{
		paisandbox.Custom("1", "a/b:1").With(func(i *paisandbox.Image) { i.Name = paisandbox.Value("x\n\x1b[2Jy\tz") }),
		paisandbox.Custom("1", "a/b:2").With(func(i *paisandbox.Image) { i.Name = paisandbox.Omitted[string]() }),
	}})
	detail := providertest.Only(t, single(t, sandbox).Read(t.Context(), values{"workspace_id": "1"}).Diagnostics).Detail
	if !strings.Contains(detail, "  x??[2Jy?z  ") || !strings.Contains(detail, "  -  ") || strings.ContainsAny(detail, "\x1b\t") {
		t.Errorf("got %q", detail)
	}
}
