package provider

import (
	"slices"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
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

// nearMissCases returns cases in which a value is almost right.
func nearMissCases() []diagnosticCase {
	return slices.Concat(escapedCases(), []diagnosticCase{
		imageCase("no match, whitespace around arguments", values{
			"supported_by": []any{"dlc", "eas", "eas\n"}, "labels": map[string]any{"system.official\t": " true"},
		}, "error supported_by", `supported_by = ["dlc", "eas"]`, `{ "system.official" = "true" }`, "2 images"),
	})
}
