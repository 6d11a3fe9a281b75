package images

import (
	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

func imageIDValidator() validator.String {
	return validate.String("must be an image ID", paiclient.CheckImageID)
}

func labelKeyValidator() validator.String {
	return validate.String("must be a label key", paiclient.CheckLabelKey)
}

func labelValueValidator() validator.String {
	return validate.String("must be a label value", paiclient.CheckLabelValue)
}

func versionConstraintValidator() validator.String {
	const description = `must be a version constraint, such as "~> 2.3" or ">= 2.0, < 3.0"`
	return validate.String(description, func(value string) error {
		_, err := version.NewConstraint(value)
		return err
	})
}
