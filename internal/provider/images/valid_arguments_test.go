package images_test

import (
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// TestValidArguments checks that null and unknown arguments pass validation (design rule 6).
func TestValidArguments(t *testing.T) {
	t.Parallel()
	tf := newTerraform(t)
	for _, block := range []values{
		{},
		{
			"labels": map[string]any{"a": "x y=z", "b": "*"}, "supported_by": []any{}, "version": "~> 2.3, != 2.4",
			"order": "DESC",
		},
		{
			"name": unknown{}, "query": unknown{}, "labels": unknown{}, "image_uri": unknown{}, "workspace_id": unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "sort_by": unknown{}, "order": unknown{},
			"verbose": unknown{}, "page_size": unknown{}, "page_number": unknown{},
			"timeouts": map[string]any{"read": unknown{}},
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
			"image_id": unknown{}, "name": unknown{}, "query": "x", "labels": unknown{}, "image_uri": unknown{},
			"workspace_id":  unknown{},
			"accessibility": unknown{}, "official": unknown{}, "supported_by": unknown{}, "chip_type": unknown{},
			"framework": unknown{}, "version": unknown{}, "name_regex": unknown{}, "most_recent": true,
			"latest_version": unknown{},
			"timeouts":       unknown{},
		},
		{"image_id": "image-1", "query": unknown{}, "most_recent": unknown{}, "latest_version": unknown{}},
	} {
		providertest.WantNone(t, tf.Validate(t.Context(), block))
	}
}
