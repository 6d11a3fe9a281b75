package images_test

import (
	"fmt"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// badValue is a block with something wrong in it: where the error must stand, and what it must say.
type badValue struct {
	block values
	path  string
	says  string
}

// badValues are those of a list; the ones whose arguments a single image has too are bad there as well.
func badValues() []badValue {
	return []badValue{
		{values{"name": ""}, `AttributeName("name")`, "must not be empty"},
		{values{"name": " \n"}, `AttributeName("name")`, "must not be empty"},
		{values{"query": ""}, `AttributeName("query")`, "must not be empty"},
		{values{"image_uri": ""}, `AttributeName("image_uri")`, "must not be empty"},
		{values{"workspace_id": ""}, `AttributeName("workspace_id")`, "must not be empty"},
		{values{"accessibility": "public"}, `AttributeName("accessibility")`, `"PUBLIC" "PRIVATE"`},
		{values{"accessibility": ""}, `AttributeName("accessibility")`, `"PUBLIC" "PRIVATE"`},
		{values{"labels": map[string]any{"": "x"}}, `AttributeName("labels").ElementKeyString("")`, "key must not be empty"},
		{values{"labels": map[string]any{"a=b": "x"}}, `AttributeName("labels").ElementKeyString("a=b")`, `"=" or ","`},
		{values{"labels": map[string]any{"a,b": "x"}}, `AttributeName("labels").ElementKeyString("a,b")`, `"=" or ","`},
		{values{"labels": map[string]any{"a": ""}}, `AttributeName("labels").ElementKeyString("a")`, "value must not be empty"},
		{values{"labels": map[string]any{"a": "x,y"}}, `AttributeName("labels").ElementKeyString("a")`, `"," in a value`},
		{values{"labels": map[string]any{"a": nil}}, `AttributeName("labels")`, "contains a null value"},
		{values{"chip_type": ""}, `AttributeName("chip_type")`, "value must not be empty"},
		{values{"chip_type": "CPU,GPU"}, `AttributeName("chip_type")`, `"," in a value`},
		{values{"framework": ""}, `AttributeName("framework")`, "key must not be empty"},
		{values{"framework": "a,b"}, `AttributeName("framework")`, `"=" or ","`},
		{values{"framework": "PyTorch=2"}, `AttributeName("framework")`, `"=" or ","`},
		{values{"supported_by": []any{"dlc", "pai"}}, `AttributeName("supported_by").ElementKeyValue(`, `"dlc" "dsw" "eas"`},
		{values{"supported_by": []any{nil}}, `AttributeName("supported_by")`, "contains a null value"},
		{values{"version": "newest"}, `AttributeName("version")`, "must be a version constraint"},
		{values{"version": ""}, `AttributeName("version")`, "must be a version constraint"},
		{values{"version": ">= 2.0 < 3.0"}, `AttributeName("version")`, "must be a version constraint"},
		{values{"name_regex": "("}, `AttributeName("name_regex")`, "missing closing )"},
		{values{"name_regex": "(?!x)"}, `AttributeName("name_regex")`, "RE2"},
		{values{"name_regex": ""}, `AttributeName("name_regex")`, "must not be empty"},
		{values{"sort_by": "Name"}, `AttributeName("sort_by")`, `"GmtCreateTime"`},
		{values{"order": "desc"}, `AttributeName("order")`, `"ASC" "DESC"`},
		{values{"page_size": 0}, `AttributeName("page_size")`, "between 1 and 100"},
		{values{"page_size": 101}, `AttributeName("page_size")`, "between 1 and 100"},
		{values{"page_size": 1.5}, `AttributeName("page_size")`, "1.5"},
		{values{"page_number": 0}, `AttributeName("page_number")`, "between 1 and"},
		{values{"page_number": -1}, `AttributeName("page_number")`, "between 1 and"},
		{values{"timeouts": map[string]any{"read": "soon"}}, `AttributeName("timeouts").AttributeName("read")`, "Time Duration"},
		{values{"timeouts": map[string]any{"read": "0s"}}, `AttributeName("timeouts").AttributeName("read")`, "longer than nothing"},
		{values{"timeouts": map[string]any{"read": "-5m"}}, `AttributeName("timeouts").AttributeName("read")`, "longer than nothing"},
		// Two arguments that are about the same label, or that need the labels left out.
		{
			values{"official": true, "labels": map[string]any{"system.official": "true"}},
			`AttributeName("labels").ElementKeyString("system.official")`, "The argument official stands for",
		},
		{
			values{"official": false, "labels": map[string]any{"system.official": "false"}},
			`AttributeName("labels").ElementKeyString("system.official")`, "The argument official stands for",
		},
		{
			values{"supported_by": []any{"eas"}, "labels": map[string]any{"system.supported.eas": "*"}},
			`AttributeName("labels").ElementKeyString("system.supported.eas")`, "The argument supported_by stands for",
		},
		{
			values{"chip_type": "GPU", "labels": map[string]any{"system.chipType": "GPU"}},
			`AttributeName("labels").ElementKeyString("system.chipType")`, "The argument chip_type stands for",
		},
		{
			values{"framework": "PyTorch", "labels": map[string]any{"system.framework.PyTorch": "2.8"}},
			`AttributeName("labels").ElementKeyString("system.framework.PyTorch")`, "The argument framework stands for",
		},
		{values{"verbose": false, "framework": "PyTorch", "version": "2.8"}, `AttributeName("verbose")`, "version with framework"},
		{values{"verbose": false, "official": false}, `AttributeName("verbose")`, "official = false"},
	}
}

// badSingleValues are those that only a single image has.
func badSingleValues() []badValue {
	return []badValue{
		{values{"image_id": ""}, `AttributeName("image_id")`, "must not be empty"},
		{values{"image_id": " "}, `AttributeName("image_id")`, "must not be empty"},
		{values{"image_id": ".."}, `AttributeName("image_id")`, "is no image's id"},
		{values{"image_id": "image-1\n"}, `AttributeName("image_id")`, "whitespace or control characters"},
		{values{"image_id": "image-1", "query": "x"}, `AttributeName("query")`, "image_id names one image"},
		{values{"image_id": "image-1", "most_recent": true}, `AttributeName("most_recent")`, "nothing to choose"},
		{values{"image_id": "image-1", "latest_version": true}, `AttributeName("latest_version")`, "nothing to choose"},
		{values{"most_recent": true, "latest_version": true}, `AttributeName("latest_version")`, "Set one of them"},
	}
}

// TestBadValues: each is an error on its attribute, and nothing is sent.
func TestBadValues(t *testing.T) {
	t.Parallel()
	runs := map[string][]badValue{"pai_images": badValues(), "pai_image": badSingleValues()}
	for _, test := range badValues() {
		if singleImageTakes(t, test.block) {
			runs["pai_image"] = append(runs["pai_image"], test)
		}
	}
	if len(runs["pai_image"]) < 40 {
		t.Errorf("only %d cases of a single image", len(runs["pai_image"]))
	}
	for lookup, cases := range runs {
		for _, test := range cases {
			t.Run(fmt.Sprint(lookup, test.block), func(t *testing.T) {
				t.Parallel()
				sandbox := providertest.Start(t, paisandbox.Options{})
				tf := reading(t, sandbox)
				tf.DataSource = lookup
				providertest.WantError(t, tf.Read(t.Context(), test.block).Diagnostics, test.path, test.says)
				if sent := len(sandbox.Requests()); sent != 0 {
					t.Errorf("%d requests were sent", sent)
				}
			})
		}
	}
}

// TestGoodValues: what is null or not known yet passes.
func TestGoodValues(t *testing.T) {
	t.Parallel()
	tf := newTerraform(t)
	for _, block := range []values{
		{},
		{"labels": map[string]any{"a": "x y=z", "b": "*"}, "supported_by": []any{}, "version": "~> 2.3, != 2.4", "order": "DESC"},
		{
			"name": unknown{}, "query": unknown{}, "labels": unknown{}, "image_uri": unknown{}, "workspace_id": unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "sort_by": unknown{}, "order": unknown{},
			"verbose": unknown{}, "page_size": unknown{}, "page_number": unknown{}, "timeouts": map[string]any{"read": unknown{}},
		},
		{"labels": map[string]any{"a": unknown{}}, "supported_by": []any{unknown{}}, "timeouts": unknown{}},
		{"verbose": false, "version": "2.8"},
		{"official": unknown{}, "labels": map[string]any{"system.official": "true"}},
		{"verbose": false, "framework": unknown{}, "version": "2.8", "official": unknown{}},
	} {
		providertest.WantNone(t, tf.Validate(t.Context(), block))
	}

	tf.DataSource = "pai_image"
	for _, block := range []values{
		{},
		{"image_id": "image-1", "name": "x", "official": false, "most_recent": false, "latest_version": false},
		{"most_recent": true, "latest_version": false},
		{
			"image_id": unknown{}, "name": unknown{}, "query": "x", "labels": unknown{}, "image_uri": unknown{}, "workspace_id": unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "most_recent": true, "latest_version": unknown{},
			"timeouts": unknown{},
		},
		{"image_id": "image-1", "query": unknown{}, "most_recent": unknown{}, "latest_version": unknown{}},
	} {
		providertest.WantNone(t, tf.Validate(t.Context(), block))
	}
}
