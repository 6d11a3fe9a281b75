package provider

import (
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// escapedCases returns cases in which diagnostics repeat text that needs escapes in HCL.
func escapedCases() []diagnosticCase {
	const odd = "a${b}%{c}\"\\\t\a"
	listed := diagnosticCase{
		name: "pai_images: text that needs escapes", dataSource: "pai_images",
		block:  values{"name": odd, "query": "%{x}", "labels": map[string]any{odd: odd}},
		faults: []paisandbox.Fault{{Do: paisandbox.ServerError(503)}}, requests: 1, want: []string{"error"},
		facts: []string{`name = "a$${b}%%{c}\"\\\t\u0007"`, `query = "%%{x}"`},
	}
	invalid := diagnosticCase{
		name: "pai_images: invalid values that need escapes", dataSource: "pai_images",
		block: values{
			"labels": map[string]any{"${a},\x7f": "1", "b": "%{b},\x7f"}, "chip_type": "${c},\x7f", "framework": "${d},\x7f",
			"name_regex": "(${e}\x7f", "version": "${f}\x7f", "repository": "${g}\x7f",
		},
		want: []string{
			"error chip_type", "error framework", `error labels["${a},\x7f"]`, `error labels["b"]`, "error name_regex",
			"error repository", "error version",
		},
	}
	for _, letter := range []string{"a", "c", "d", "e", "f", "g"} {
		invalid.facts = append(invalid.facts, "$${"+letter+"}")
	}
	invalid.facts = append(invalid.facts, `"%%{b},\u007f"`)
	return []diagnosticCase{
		listed, invalid,
		imageCase("text that needs escapes", values{"name": odd, "framework": odd, "labels": map[string]any{odd: odd}},
			"error", `framework = "a$${b}%%{c}\"\\\t\u0007"`),
		imageCase("image_id that needs escapes", values{"image_id": "${a}"}, "error image_id", `image_id = "$${a}"`),
	}
}

// wildcardCases returns cases of wildcards in filters.
func wildcardCases() []diagnosticCase {
	listed := diagnosticCase{
		name: "pai_images: wildcards", dataSource: "pai_images", block: values{
			"name": "*torch:2.9.1*", "query": "py*", "image_uri": "*/pai/pytorch", "workspace_id": "2*", "chip_type": "G*",
			"framework": "Py*", "labels": map[string]any{"a": "*", "b": "b*", "c*": "1"}, "name_regex": "x*",
		},
		want: []string{
			"warning chip_type", "warning framework", "warning image_uri", `warning labels["a"]`, `warning labels["b"]`,
			`warning labels["c*"]`, "warning name", "warning query", "warning workspace_id",
		}, requests: 1, facts: []string{`name = "*torch:2.9.1*"`, `"b" = "b*"`, `"c*" = "1"`},
	}
	empty := diagnosticCase{
		name: "pai_images: wildcard in name", dataSource: "pai_images", block: values{"name": "pytorch:2.9*"},
		want: []string{"warning name"}, requests: 1, facts: []string{`name_regex = "^pytorch:2\\.9"`},
	}
	byID := imageCase("image_id, wildcard in name", values{
		"image_id": providertest.SmallCatalogue()[6].ImageID.Or(""), "name": "train*:2.9.0",
	}, "error name", `name_regex = "^train.*:2\\.9\\.0$"`)
	anyFramework := listed
	anyFramework.name, anyFramework.block = "pai_images: wildcard as framework", values{"framework": "*"}
	anyFramework.want, anyFramework.facts = []string{"warning framework"}, nil
	return []diagnosticCase{
		listed, empty, anyFramework, byID,
		imageCase("no match, wildcard that matches", values{"labels": map[string]any{"a": "x*"}, "chip_type": "GPU"},
			"error chip_type").withCatalogue(paisandbox.Official("r/x:1", paisandbox.L("a", "x*"))),
		imageCase("no match, wildcard in name", values{"name": "pytorch:2.9*", "official": true}, "error name",
			`name_regex = "^pytorch:2\\.9"`),
		imageCase("no match, wildcard in name beside name_regex", values{"name": "py*", "name_regex": "torch"}, "error name",
			"To match a pattern of the image's name, use `name_regex`"),
		imageCase("no match, wildcard in a label", values{"labels": map[string]any{"team": "*", "system.chipType": "G*"}},
			`error labels["system.chipType"]`, "`labels` has no wildcards", "the value `*`", "name_regex"),
		imageCase("no match, wildcard in query", values{"query": "py*", "official": true}, "error query",
			"`query` has no wildcards"),
		imageCase("no match, wildcard beside another filter", values{"name_regex": "x", "chip_type": "*", "query": "*"},
			"error", "`query` has no wildcards"),
	}
}

// twinCases returns cases of image_uri in which the API lists an image with the same repository and tag.
func twinCases() []diagnosticCase {
	uri := func(uri string) values { return values{"image_uri": uri} }
	images := func(uris ...string) []paisandbox.Image {
		var catalogue []paisandbox.Image
		for _, uri := range uris {
			catalogue = append(catalogue, paisandbox.Official(uri))
		}
		return catalogue
	}
	const host, public = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com", "dsw-registry.cn-hangzhou.cr.aliyuncs.com"
	everywhere := images("ghcr.io/pai/x:1", "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/x:1", public+"/pai-eas/x:1",
		host+"/pai/x:1", public+"/pai/x:2", public+"/pai/y:1")
	other := func(name string, n int, facts ...string) diagnosticCase {
		return imageCase("image_uri with another "+name, uri(public+"/pai/x:1"), "error image_uri", facts...).
			withCatalogue(everywhere[:n]...)
	}
	byID := imageCase("image_id and the URI of another network", values{
		"image_id": everywhere[3].ImageID.Or(""), "image_uri": public + "/pai/x:1",
	}, "error image_uri", `image_uri = "`+host+`/pai/x:1"`).withCatalogue(everywhere...)
	several := uri(public + "/pai/x:1")
	several["name_regex"] = "none"
	return []diagnosticCase{
		other("network", 6, `image_uri = "`+host+`/pai/x:1"`, "network (vpc instead of public)"),
		other("region", 3, `image_uri = "dsw-registry.cn-shanghai.cr.aliyuncs.com/pai/x:1"`,
			"region (cn-shanghai instead of cn-hangzhou)"),
		imageCase("image_uri with another registry", uri(public+"/pai/x:1"), "error image_uri",
			`image_uri = "ghcr.io/pai/x:1"`, "registry (ghcr.io instead of "+public+")").
			withCatalogue(everywhere[0], everywhere[2]),
		imageCase("image_uri with a registry in capitals", uri("GHCR.IO/pai/x:1"), "error image_uri",
			`image_uri = "ghcr.io/pai/x:1"`, "registry (ghcr.io instead of GHCR.IO)").withCatalogue(everywhere...),
		imageCase("image_uri with another digest", uri("x:1@sha256:"+strings.Repeat("0", 64)), "error image_uri",
			`Its value: "ghcr.io/pai/x:1"`).withCatalogue(everywhere[0]),
		imageCase("image_uri with another namespace", uri(public+"/pai/x:1"), "error image_uri",
			`image_uri = "`+public+`/pai-eas/x:1"`, "namespace (pai-eas instead of pai)").withCatalogue(everywhere[2]),
		imageCase("image_uri without a registry", uri("x:1"), "error image_uri", `image_uri = "ghcr.io/pai/x:1"`,
			"registry (ghcr.io instead of none)", "namespace (pai instead of none)").withCatalogue(everywhere[0]),
		imageCase("image_uri with another tag", uri(public+"/pai/x:3"), "error image_uri", `"`+public+`/pai/x:2"`,
			"check `region`").
			withCatalogue(everywhere...),
		imageCase("image_uri with another network and another filter", several, "error", `image_uri = "`+host+`/pai/x:1"`).
			withCatalogue(everywhere...),
		byID,
	}
}

// nearMissCases returns cases in which a value is almost right.
func nearMissCases() []diagnosticCase {
	return slices.Concat(escapedCases(), wildcardCases(), twinCases(), []diagnosticCase{
		imageCase("no match, label that differs in case", values{"labels": map[string]any{"team": "A"}},
			`error labels["team"]`, `labels = { "team" = "a" }`),
		imageCase("no match, long name", values{"name": strings.Repeat("A", 200)}, "error name").withCatalogue(
			paisandbox.Official("r/x:1").With(func(i *paisandbox.Image) {
				i.Name = paisandbox.Value(strings.Repeat("a", 200))
			})),
		imageCase("no match, repository of another namespace", values{"repository": "pai-eas/pytorch", "official": true},
			"error repository", `nearest first: "pai/pytorch", "pai/modelscope"`),
		imageCase("no match, whitespace around arguments", values{
			"supported_by": []any{"dlc", "eas", "eas\n"}, "labels": map[string]any{"system.official\t": " true"},
		}, "error supported_by", `supported_by = ["dlc", "eas"]`, `{ "system.official" = "true" }`),
	})
}
