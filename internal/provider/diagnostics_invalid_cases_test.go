package provider

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

// casesOf returns a function that returns cases of the data source. They send no request.
func casesOf(dataSource string) func(name string, block values, want string, facts ...string) diagnosticCase {
	return func(name string, block values, want string, facts ...string) diagnosticCase {
		return diagnosticCase{
			name: dataSource + ": " + name, dataSource: dataSource, block: block, want: []string{want}, facts: facts,
		}
	}
}

// invalidListCases returns cases of invalid arguments of pai_images. TestInvalidImageArguments also tests these
// arguments with pai_image, if pai_image has them.
func invalidListCases() []diagnosticCase {
	invalid := casesOf("pai_images")
	label := func(key string, value any) values { return values{"labels": map[string]any{key: value}} }
	read := func(value string) values { return values{"timeouts": map[string]any{"read": value}} }
	repeated := func(argument string, value any, key string) diagnosticCase {
		block := label(key, "*")
		block[argument] = value
		return invalid(argument+" and its label", block, `error labels["`+key+`"]`, argument, key)
	}
	notOfficial := repeated("official", false, "system.official")
	notOfficial.name = "pai_images: official = false and its label"
	return []diagnosticCase{
		invalid("page_size with a fraction", values{"page_size": 1.5}, "error page_size", "1.5"),
		invalid("empty name", values{"name": ""}, "error name"),
		invalid("blank name", values{"name": " \n"}, "error name"),
		invalid("empty query", values{"query": ""}, "error query"),
		invalid("empty image_uri", values{"image_uri": ""}, "error image_uri"),
		invalid("empty workspace_id", values{"workspace_id": ""}, "error workspace_id"),
		invalid("accessibility in lower case", values{"accessibility": "public"}, "error accessibility",
			`"PUBLIC" or "PRIVATE"`),
		invalid("empty accessibility", values{"accessibility": ""}, "error accessibility", `"PUBLIC" or "PRIVATE"`),
		invalid("empty label key", label("", "x"), `error labels[""]`),
		invalid("label key with =", label("a=b", "x"), `error labels["a=b"]`, `"="`),
		invalid("label key with a comma", label("a,b", "x"), `error labels["a,b"]`, `","`),
		invalid("label keys that differ in whitespace", values{"labels": map[string]any{"a": "1", "a\n": "2"}},
			`error labels["a\n"]`, `"a\n"`),
		invalid("label key of only whitespace", label(" ", "x"), `error labels[" "]`),
		invalid("label value of only whitespace", label("a", " "), `error labels["a"]`),
		invalid("blank order", values{"order": "\n"}, "error order", `"\n"`),
		invalid("blank name_regex", values{"name_regex": " "}, "error name_regex"),
		invalid("empty label value", label("a", ""), `error labels["a"]`),
		invalid("label value with a comma", label("a", "x,y"), `error labels["a"]`, `","`),
		invalid("null label value", label("a", nil), "error labels"),
		invalid("empty chip_type", values{"chip_type": ""}, "error chip_type"),
		invalid("chip_type with a comma", values{"chip_type": "CPU,GPU"}, "error chip_type", `","`),
		invalid("empty framework", values{"framework": ""}, "error framework"),
		invalid("framework with a comma", values{"framework": "a,b"}, "error framework", `","`),
		invalid("framework with a version", values{"framework": "PyTorch=2"}, "error framework", `"="`),
		invalid("unknown product", values{"supported_by": []any{"dlc", "pai"}}, `error supported_by["pai"]`,
			`"dlc", "dsw" or "eas"`),
		invalid("null product", values{"supported_by": []any{nil}}, "error supported_by"),
		invalid("version that is a word", values{"version": "newest"}, "error version", "newest"),
		invalid("empty version", values{"version": ""}, "error version"),
		invalid("version with a word of the tag", values{"version": "~> 2.9.0-gpu"}, "error version", `"2.9.0-gpu"`,
			`"2.9.0"`, "name_regex"),
		invalid("version of a post-release", values{"version": ">= 0.8.5-post1"}, "error version", `"0.8.5"`),
		invalid("version without a comma", values{"version": ">= 2.0 < 3.0"}, "error version", ">= 2.0 < 3.0"),
		invalid("name_regex that does not parse", values{"name_regex": "("}, "error name_regex", "missing closing )"),
		invalid("name_regex with a look-ahead", values{"name_regex": "^pytorch:(?!.*ppu)"}, "error name_regex", "RE2", "(?!",
			"exclude_name_regex"),
		invalid("name_regex that is not RE2", values{"name_regex": "(?<=x)y"}, "error name_regex", "RE2", "(?<"),
		invalid("exclude_name_regex that does not parse", values{"exclude_name_regex": "["}, "error exclude_name_regex",
			"missing closing ]"),
		invalid("empty repository", values{"repository": ""}, "error repository"),
		invalid("repository with a tag", values{"repository": "pai/pytorch:2.9"}, "error repository", `"pai/pytorch"`,
			"version"),
		invalid("repository with a digest", values{"repository": "x@sha256:" + strings.Repeat("0", 64)}, "error repository",
			`"x"`),
		invalid("repository that is no reference", values{"repository": "pai/"}, "error repository", `"pai/"`),
		invalid("empty name_regex", values{"name_regex": ""}, "error name_regex"),
		invalid("unknown sort_by", values{"sort_by": "Name"}, "error sort_by", `"GmtCreateTime" or "image_version"`),
		invalid("order in lower case", values{"order": "desc"}, "error order", `"ASC" or "DESC"`),
		invalid("page_size of zero", values{"page_size": 0}, "error page_size", "between 1 and 100"),
		invalid("page_size too large", values{"page_size": 101}, "error page_size", "between 1 and 100"),
		invalid("page_number of zero", values{"page_number": 0}, "error page_number", "between 1 and"),
		invalid("page_number below zero", values{"page_number": -1}, "error page_number", "between 1 and"),
		invalid("read timeout without a number", read("soon"), "error timeouts.read", "soon"),
		invalid("read timeout of zero", read("0s"), "error timeouts.read", "0s"),
		invalid("read timeout below zero", read("-5m"), "error timeouts.read", "-5m"),
		repeated("official", true, "system.official"),
		notOfficial,
		repeated("supported_by", []any{"eas"}, "system.supported.eas"),
		repeated("chip_type", "GPU", "system.chipType"),
		repeated("framework", "PyTorch", "system.framework.PyTorch"),
		invalid("framework and version without labels", values{"verbose": false, "framework": "PyTorch", "version": "2.8"},
			"error verbose", "version", "framework"),
		invalid("sort_by version of a framework without labels",
			values{"verbose": false, "framework": "PyTorch", "sort_by": "image_version"}, "error verbose", "sort_by"),
		invalid("sort_by version and page_number", values{"sort_by": "image_version", "page_number": 1}, "error page_number",
			"sort_by"),
		invalid("official = false without labels", values{"verbose": false, "official": false}, "error verbose",
			"official = false"),
		invalid("official = false and version without labels",
			values{"verbose": false, "official": false, "framework": "PyTorch", "version": "2.8"}, "error verbose",
			"official = false", "version"),
	}
}

// invalidImageCases returns cases of invalid arguments that only pai_image has.
func invalidImageCases() []diagnosticCase {
	invalid := casesOf("pai_image")
	byID := func(argument string, value any) values { return values{"image_id": "image-1", argument: value} }
	return []diagnosticCase{
		invalid("empty image_id", values{"image_id": ""}, "error image_id"),
		invalid("blank image_id", values{"image_id": " "}, "error image_id"),
		invalid("image_id that is a folder", values{"image_id": ".."}, "error image_id"),
		invalid("image_id with a line end inside", values{"image_id": "image-1\nimage-2"}, "error image_id"),
		invalid("image_id and query", byID("query", "x"), "error query", "image_id"),
		invalid("image_id and most_recent", byID("most_recent", true), "error most_recent", "image_id"),
		invalid("image_id and latest_version", byID("latest_version", true), "error latest_version", "image_id"),
	}
}

// TestInvalidImageArguments checks that both data sources return the same diagnostics for invalid arguments that both
// have.
func TestInvalidImageArguments(t *testing.T) {
	t.Parallel()
	sandbox := providertest.Start(t, paisandbox.Options{})
	tf := newTerraform(t)
	providertest.WantNone(t, tf.Configure(providertest.SignedIn(sandbox)))
	shared := 0
	for _, c := range invalidListCases() {
		if !hasArguments(tf, "pai_image", c.block) {
			continue
		}
		shared++
		diagnostics := make(map[string][]string)
		for _, dataSource := range []string{"pai_images", "pai_image"} {
			tf.DataSource = dataSource
			for _, d := range tf.Read(t.Context(), c.block).Diagnostics {
				diagnostics[dataSource] = append(diagnostics[dataSource], fmt.Sprint(d.Severity, providertest.Path(d), d.Summary,
					d.Detail))
			}
			slices.Sort(diagnostics[dataSource])
		}
		if diff := cmp.Diff(diagnostics["pai_images"], diagnostics["pai_image"]); diff != "" ||
			len(diagnostics["pai_image"]) == 0 {
			t.Errorf("%s: the diagnostics differ (-pai_images +pai_image):\n%s", c.name, diff)
		}
	}
	if requests := len(sandbox.Requests()); shared < 30 || requests > 0 {
		t.Errorf("%d shared cases and %d requests, want at least 30 and no requests", shared, requests)
	}
}

// hasArguments reports whether the data source has all arguments of the block.
func hasArguments(tf *terraform, dataSource string, block values) bool {
	attributes := tf.Schemas.DataSourceSchemas[dataSource].Block.Attributes
	for name := range block {
		if !slices.ContainsFunc(attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == name }) {
			return false
		}
	}
	return true
}
