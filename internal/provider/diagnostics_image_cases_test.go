package provider

import (
	"fmt"
	"slices"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// imageCase returns a case of pai_image that sends requests.
func imageCase(name string, block values, want string, facts ...string) diagnosticCase {
	c := casesOf("pai_image")(name, block, want, facts...)
	c.requests = 1
	return c
}

// withCatalogue returns a copy of the case in which the sandbox has these images.
func (c diagnosticCase) withCatalogue(images ...paisandbox.Image) diagnosticCase {
	c.catalogue = append([]paisandbox.Image{}, images...)
	return c
}

// withFaults returns a copy of the case in which the sandbox has these faults.
func (c diagnosticCase) withFaults(faults ...paisandbox.Fault) diagnosticCase {
	c.faults = faults
	return c
}

// noMatchCases returns cases in which no image matches the filters.
func noMatchCases() []diagnosticCase {
	none := func(name string, block values, want string, facts ...string) diagnosticCase {
		return imageCase("no match, "+name, block, want, facts...)
	}
	response := func(image string) paisandbox.Fault {
		return paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":1,"Images":[`+image+`]}`)}
	}
	unfiltered := paisandbox.Fault{Match: paisandbox.OnQuery("Labels", ""), Do: paisandbox.APIError(403, "Forbidden.RAM",
		"no")}
	python := func(n int, labels ...paisandbox.Label) paisandbox.Image {
		return paisandbox.Official(fmt.Sprint("r/pai/x:", n), labels...)
	}
	notOfficial := none("not official in the response", values{"official": true, "most_recent": true}, "",
		"evil.example.com", "dropped 1 image").withFaults(
		response(`{"ImageId":"a","ImageUri":"evil.example.com/x:1","Labels":[{"Key":"system.official","Value":"false"}]}`))
	notOfficial.want = []string{"warning", "error official"}
	var pythons []paisandbox.Image
	for i, version := range []string{"3.9", "3.12", "3.12", "3.1\n0", strings.Repeat("1", 10_000)} {
		pythons = append(pythons, python(i, paisandbox.L("system.language.Python", version)))
	}
	var frameworks []paisandbox.Image
	for i, versions := range [][]string{
		{"PyTorch", "2.8"},
		{"PyTorch", "2.9"},
		{"PyTorch", "2.10"},
		{"PyTorch", "2.11"},
		{"TensorFlow", "2.15"},
		{"TensorFlow", "2.16"},
		{"vLLM", "0.11"},
		{},
		{"vLLM", "0.12", "TensorFlow", "2.16", "vLLM", "0.13"},
	} {
		var labels []paisandbox.Label
		for pair := range slices.Chunk(versions, 2) {
			labels = append(labels, paisandbox.L("system.framework."+pair[0], pair[1]))
		}
		frameworks = append(frameworks, python(i, labels...))
	}
	noPyTorch := paisandbox.Fault{
		Match: paisandbox.OnQuery("Labels", "system.framework.PyTorch=*"),
		Do:    paisandbox.Body(200, `{"TotalCount":0,"Images":[]}`),
	}
	noLabels := paisandbox.Fault{
		Match: paisandbox.OnAction("ListImageLabels"), Do: paisandbox.APIError(403, "Forbidden.RAM", "no"),
	}
	return []diagnosticCase{
		none("label of an image that is not official", values{
			"labels": map[string]any{"system.official": "*", "team": "a"}, "workspace_id": "20455",
		}, `error labels["system.official"]`, `"system.official" = "*"`, "1 image").withFaults(noLabels),
		none("official = false", values{"official": false, "framework": "PyTorch", "name_regex": "^pytorch:"},
			"error official",
			"official = false", "5 images"),
		none("another framework", values{"framework": "vLLM", "version": "2.9.1"}, "error framework", "3 images",
			`"PyTorch"`).withFaults(noLabels),
		none("several frameworks", values{"official": true, "framework": "JAX"}, "error framework", "9 images",
			`"PyTorch"`, `"TensorFlow"`, `"vLLM"`).withCatalogue(frameworks...).withFaults(noLabels),
		none("several frameworks in the list of labels", values{"official": true, "framework": "JAX"}, "error framework",
			`"PyTorch"`, `"TensorFlow"`, `"vLLM"`).withCatalogue(frameworks...),
		none("several frameworks, one differs in case", values{"official": true, "framework": "vllm"}, "error framework",
			`framework = "vLLM"`).withCatalogue(frameworks...),
		none("filter that the listed images match", values{"framework": "PyTorch"}, "error framework",
			`framework = "PyTorch"`).withFaults(noPyTorch),
		none("no filters and no image", values{}, "error").withCatalogue(),
		none("one filter and no image", values{"official": true}, "error").withCatalogue(),
		none("two filters and no image", values{"official": true, "chip_type": "CPU"}, "error").withCatalogue(),
		none("one filter of the API excludes every image", values{
			"official": true, "supported_by": []any{"dlc", "eas"}, "labels": map[string]any{"system.framework.PyTorch": "*"},
		}, "error supported_by", `"eas"`, `label "system.supported.eas"`),
		none("no framework in the workspace", values{"workspace_id": "20455", "framework": "JAX"}, "error framework",
			`framework = "JAX"`, "in this workspace"),
		none("neither framework nor label in the workspace", values{
			"workspace_id": "20455", "framework": "JAX", "labels": map[string]any{"owner": "x"},
		}, "error", `framework = "JAX"`, `label "owner"`),
		none("one filter of the provider excludes every image", values{"chip_type": "CPU", "version": "~> 9.0"},
			"error version",
			`version = "~> 9.0"`, "1 image", "2.9.1"),
		none("name is part of some", values{"name": "pytorch:2.9.1", "chip_type": "GPU"}, "error name",
			"name_regex", "check `region`", "2 images", "pytorch:2.9.1-gpu-rebuilt"),
		none("removing either filter would match", values{"name": "pytorch:2.9.1-cpu", "chip_type": "GPU"}, "error",
			`name = "pytorch:2.9.1-cpu"`, "5 images", `chip_type = "GPU"`, `"CPU"`),
		none("some filters match no image", values{
			"workspace_id": "1", "accessibility": "PRIVATE", "query": "b", "image_uri": "c", "name_regex": `d\.e`,
			"official": false,
		}, "error", `image_uri = "c"`, `workspace_id = "1"`, "8 images", "and 4 more"),
		none("two filters differ in case", values{
			"framework": "pytorch", "chip_type": "gpu", "version": "~> 2.9", "official": true,
		}, "error", `chip_type = "GPU"`, `framework = "PyTorch"`),
		none("one filter differs in case", values{"chip_type": "cpu", "name": "pytorch:2.9.1-cpu"}, "error chip_type",
			`chip_type = "CPU"`),
		none("unknown framework and version", values{"framework": "JAX", "version": "~> 9.0"}, "error",
			`framework = "JAX"`).withFaults(noLabels),
		none("unknown chip and version", values{"framework": "PyTorch", "chip_type": "TPU", "version": "~> 9.0"}, "error",
			`chip_type = "TPU"`, `version = "~> 9.0"`).withFaults(noLabels),
		none("unknown framework and chip", values{"framework": "JAX", "chip_type": "TPU", "version": "~> 9.0"}, "error",
			`framework = "JAX"`, `chip_type = "TPU"`, `"CPU", "GPU"`),
		none("every filter matches another image", values{
			"official": true, "chip_type": "CPU", "accessibility": "PRIVATE", "name_regex": "^model",
		}, "error"),
		none("version of the tag, with framework", values{
			"framework": "PyTorch", "version": "~> 1.34", "name_regex": "^modelscope:",
		}, "error", "1.34", "2.8.0"),
		none("version without a third number", values{"repository": "pytorch", "version": "2.9"}, "error version",
			`version = "2.9"`, "2.9.0", `version = "~> 2.9.0"`).withCatalogue(providertest.SmallCatalogue()[:6]...),
		none("only a pre-release of the version", values{"repository": "pytorch", "version": "~> 3.0"}, "error version",
			"3.0.0-rc1", `version = ">= 3.0.0-rc1"`),
		none("pre-release beside a constraint", values{"repository": "pytorch", "version": "> 2.12, < 4"}, "error version",
			`version = "> 2.12, < 4, >= 3.0.0-rc1"`),
		none("another repository", values{"repository": "torch", "chip_type": "CPU"}, "error repository", `"pytorch"`),
		none("excluded names", values{"exclude_name_regex": "[a-z]"}, "error exclude_name_regex",
			"pytorch:2.9.1-cpu"),
		none("many and long values", values{"official": true, "labels": map[string]any{"system.language.Python": "4.0"}},
			`error labels["system.language.Python"]`, `"3.12"`, "and 1 more").withCatalogue(append(pythons, python(9))...).
			withFaults(noLabels),
		none("the search for the filter fails", values{"chip_type": "PPU"}, "error", "Forbidden.RAM").withFaults(unfiltered),
		none("the search for the filters fails", values{"chip_type": "PPU", "framework": "JAX"}, "error",
			"Forbidden.RAM").withFaults(unfiltered),
		notOfficial,
		none("name of a workspace as workspace_id", values{"workspace_id": "vision_lab"}, "error workspace_id",
			"`pai_workspace`", "no `workspace_id`"),
		none("another workspace in the response", values{"workspace_id": "20455"}, "error workspace_id", "evil.example.com",
			"666").withFaults(
			response(`{"ImageId":"a","ImageUri":"evil.example.com/x:1","WorkspaceId":"666"}`)),
		none("another accessibility in the response", values{"accessibility": "PUBLIC"}, "error accessibility",
			"PRIVATE").withFaults(
			response(`{"ImageId":"a","ImageUri":"x:1","Accessibility":"PRIVATE"}`)),
	}
}

// selectionCases returns cases in which the selection among several images is an error or a warning.
func selectionCases() []diagnosticCase {
	images := providertest.SmallCatalogue()
	id := func(n int) string { return images[n].ImageID.Or("") }
	noVersion := paisandbox.Official("r/pai/x:1.0", paisandbox.L("system.framework.PyTorch", "nightly"))
	longName := paisandbox.Numbered(10)
	longName[3] = longName[3].With(func(i *paisandbox.Image) { i.Name = paisandbox.Value(strings.Repeat("ä", 10_000)) })
	unprintable := paisandbox.Custom("1",
		"a/b:1").With(func(i *paisandbox.Image) { i.Name = paisandbox.Value("x\n\x1b[2Jy\tz") })
	latest := func(block values) values {
		block["latest_version"] = true
		return block
	}
	schemes := []paisandbox.Image{
		paisandbox.Official("r/pai/pytorch-training:2.4.0-gpu"), paisandbox.Official("r/pai/pytorch-training:2.3.0-gpu"),
		paisandbox.Official("r/pai/pytorch-training:23.12-gpu"),
	}
	var variants, manyVariants []paisandbox.Image
	gpu := paisandbox.L("system.chipType", "GPU")
	for _, words := range []string{"py311-cu128", "py311-cu130", "py312-cu128", "py312-cu128-accelerated"} {
		variants = append(variants, paisandbox.Official("r/pai/pytorch:2.9.1-gpu-"+words, gpu),
			paisandbox.Official("r/pai/pytorch:2.9.1-gpu-"+words+"-1767942001", gpu))
	}
	for n := range 12 {
		manyVariants = append(manyVariants, paisandbox.Official(fmt.Sprintf("r/pai/x:1.0-cu%d", n)))
	}
	unnamed := paisandbox.Custom("1", "a/b:2").With(func(i *paisandbox.Image) { i.Name = paisandbox.Omitted[string]() })
	return []diagnosticCase{
		imageCase("several matches", values{
			"official": true, "chip_type": "GPU", "framework": "PyTorch",
			"version": "~> 2.9",
		}, "error",
			"3 images", id(0), id(1), id(2), "most_recent = true", "latest_version = true"),
		imageCase("several matches, one with a version", values{"accessibility": "PRIVATE"}, "error", "2 images", id(6),
			id(7)),
		imageCase("several matches, chip types", values{"official": true}, "error", "2 images", "version 2.9.1", " GPU ",
			" PPU ").withCatalogue(
			paisandbox.Official("r/pai/pytorch:2.9.1-py312", gpu),
			paisandbox.Official("r/pai/pytorch:2.9.1-py312-1767942001", paisandbox.L("system.chipType", "PPU"))),
		imageCase("several matches without a version", values{"chip_type": "PPU"}, "error", "2 images",
			"most_recent = true").withCatalogue(
			paisandbox.Official("r/pai/x:a", paisandbox.L("system.chipType", "PPU")),
			paisandbox.Official("r/pai/x:b", paisandbox.L("system.chipType", "PPU"))),
		imageCase("ten matches, one with a long name", values{"official": true}, "error", "10 images", "ä…").
			withCatalogue(longName...),
		imageCase("many matches", values{"official": true}, "error", "65 images", "55 more").
			withCatalogue(paisandbox.Numbered(65)...),
		imageCase("names that are not printable, or missing", values{"workspace_id": "1"}, "error",
			"x??[2Jy?z").withCatalogue(unprintable, unnamed),
		imageCase("versions of several repositories", latest(values{"official": true}), "error latest_version",
			"2 repositories", "pytorch 4 2.12 pytorch:2.12PAI-gpu", "modelscope 1 1.34.0", `repository = "pytorch"`),
		imageCase("versions of several repositories, framework", latest(values{"official": true, "framework": "PyTorch"}),
			"error latest_version", "pytorch 4 2.12.0", "modelscope 1 2.8.0 modelscope:1.34.0-pytorch2.8"),
		imageCase("versions of several repositories, equal names", latest(values{"official": true}), "error latest_version",
			"pai/x 2 1.1", "r.example.com/team/x 1 1.2", "ghcr.io/team/x 1 1.0", `repository = "pai/x"`).withCatalogue(
			paisandbox.Official("r/pai/x:1.0"), paisandbox.Official("r/pai/x:1.1"), paisandbox.Official("ghcr.io/team/x:1.0"),
			paisandbox.Official("r.example.com/team/x:1.2")),
		imageCase("versions of several repositories, without filters", latest(values{}), "error latest_version",
			"3 repositories"),
		imageCase("versions of two numbering schemes", latest(values{}), "error latest_version",
			"2.4.0 pytorch-training:2.4.0-gpu", "23.12 pytorch-training:23.12-gpu", `version = "< 17"`, `version = ">= 17"`).
			withCatalogue(schemes...),
		imageCase("versions of two numbering schemes, with version", latest(values{"version": ">= 2"}),
			"error latest_version", `version = ">= 2, < 17"`, `version = ">= 2, >= 17"`).withCatalogue(schemes...),
		imageCase("versions of two numbering schemes, without a limit", latest(values{}), "error latest_version",
			"23.4", "23.12", "name_regex").withCatalogue(append(schemes,
			paisandbox.Official("r/pai/pytorch-training:23.4-gpu"))...),
		imageCase("only pre-releases", latest(values{"name_regex": "rc1"}), "error latest_version", "3.0.0-rc1", id(4),
			`version = ">= 3.0.0-rc1"`),
		imageCase("variants, chip types", latest(values{"repository": "pytorch", "version": "2.9.1"}), "error latest_version",
			"2.9.1, has 3 variants", `chip_type = "CPU" selects cpu`,
			`chip_type = "GPU", name_regex = "-gpu$" selects gpu`,
			`chip_type = "GPU", name_regex = "-rebuilt$" selects gpu-rebuilt`, "most_recent = true", id(3)),
		imageCase("variants, words of the tags", latest(values{"chip_type": "GPU"}), "error latest_version", "4 variants",
			`name_regex = "-py311-cu128" selects`, `name_regex = "-cu130" selects`, `name_regex = "-accelerated" selects`).
			withCatalogue(variants...),
		imageCase("variants, part of another", latest(values{}), "error latest_version", "2 variants",
			`name_regex = "-gpu-" selects gpu `, `name_regex = "_accelerated$" selects gpu_accelerated`).withCatalogue(
			paisandbox.Official("r/pai/x:1.0-gpu-e51bd870"), paisandbox.Official("r/pai/x:1.0-gpu_accelerated"),
			paisandbox.Official("r/pai/x:1.0-gpu-4d7302ff")),
		imageCase("variants, with name_regex", latest(values{"name_regex": "py31[12]"}), "error latest_version", "4 variants",
			`exclude_name_regex = "-cu130|-py312-" selects gpu-py311-cu128`).withCatalogue(variants...),
		imageCase("variants, more than the table shows", latest(values{}), "error latest_version", "12 variants", "10 shown").
			withCatalogue(manyVariants...),
		imageCase("no version in a tag", values{"workspace_id": "31977", "latest_version": true}, "error latest_version",
			"1 image", id(7)),
		imageCase("no version of the framework", values{"official": true, "framework": "PyTorch", "latest_version": true},
			"error latest_version", "system.framework.PyTorch", "1 image").withCatalogue(noVersion),
		imageCase("most_recent among images of others", values{"most_recent": true, "chip_type": "CPU"},
			"warning most_recent",
			"official = true", "workspace_id"),
		imageCase("latest_version among images of others", values{"latest_version": true, "repository": "pytorch"},
			"warning latest_version", "official = true", "workspace_id"),
		imageCase("wrong count", values{"official": true, "most_recent": true}, "warning", "130",
			"120").withCatalogue(paisandbox.Numbered(120)...).
			withFaults(paisandbox.Fault{Do: paisandbox.TotalCount(130)}),
		imageCase("image_id of an image with an empty URI", values{"image_id": "${a}"}, "warning", `image "$${a}"`).
			withFaults(paisandbox.Fault{Do: paisandbox.Body(200, `{"Name":"n","ImageUri":""}`)}),
		imageCase("image without a URI", values{"official": true}, "warning", `a`).withFaults(
			paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":1,"Images":[{"ImageId":"a","Name":"n"}]}`)}),
	}
}

// imageIDCases returns cases in which a lookup by image_id fails.
func imageIDCases() []diagnosticCase {
	images := providertest.SmallCatalogue()
	byID := values{"image_id": "image-1"}
	id := images[6].ImageID.Or("")
	several := imageCase("image_id of an image that does not match", values{
		"image_id": id, "official": true, "name": "trainer", "version": ">= 3", "accessibility": "PRIVATE",
		"labels": map[string]any{"team": "b"},
	}, "", id, "trainer-2-9-0", `"a"`, "2.9.0")
	several.want = []string{`error labels["team"]`, "error name", "error official", "error version"}
	missing := imageCase("image_id of an image without the fields", values{
		"image_id": "image-1", "name": "n", "framework": "PyTorch", "version": "~> 2.0", "labels": map[string]any{
			"a": "1",
			"b": "2",
		},
		"workspace_id": "20455", "supported_by": []any{"dlc"}, "chip_type": "GPU", "name_regex": "x",
	}, "", "image-1").withFaults(paisandbox.Fault{Do: paisandbox.Body(200, `{"ImageUri":"r/x:latest"}`)})
	missing.want = []string{
		"error chip_type", "error framework", `error labels["a"]`, `error labels["b"]`, "error name", "error name_regex",
		"error supported_by", "error version", "error workspace_id",
	}
	repeated := imageCase("image_id of an image with repeated labels", values{
		"image_id": "image-1", "framework": "PyTorch", "version": "~> 2.0", "labels": map[string]any{"a": "1"},
	}, "", "3.1").withFaults(paisandbox.Fault{Do: paisandbox.Body(200, `{"ImageUri":"r/x:2.0.0","Labels":[
		{"Value":"1"},{"Key":"a"},{"Key":"a","Value":"3"},{"Key":"system.framework.PyTorch","Value":"3.1"}]}`)})
	repeated.want = []string{`error labels["a"]`, "error version"}
	failing := func(name string, response paisandbox.Effect, want string, facts ...string) diagnosticCase {
		return imageCase("image_id, "+name, byID, want, facts...).withFaults(paisandbox.Fault{Do: response})
	}
	return []diagnosticCase{
		imageCase("image_id of no image", values{"image_id": "image-none"}, "error image_id", `"image-none"`,
			"HTTP 404, code 100700004"),
		failing("permission denied", paisandbox.APIError(404, "100700008", "RBAC"), "error", `"image-1"`, "code 100700008"),
		failing("action not found", paisandbox.APIError(404, "InvalidAction.NotFound", "no"), "error", "endpoint"),
		failing("page of a proxy", paisandbox.Status(404, "text/html", "<html>"), "error", "HTTP 404"),
		failing("404 without a code", paisandbox.Body(404, `{}`), "error", "HTTP 404"),
		failing("refused parameter", paisandbox.APIError(400, "InvalidParameter.ImageId", "no"), "error image_id", "ImageId"),
		failing("response without an image", paisandbox.Body(200, `{"RequestId":"R"}`), "error", "endpoint"),
		several, missing, repeated,
	}
}
