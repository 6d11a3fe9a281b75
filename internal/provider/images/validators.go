package images

import (
	"cmp"
	"fmt"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

func imageIDValidator() validator.String {
	return validate.String("must be an image ID", func(value string) error {
		return cmp.Or(validate.CheckNotEmpty(value), paiclient.CheckImageID(value))
	})
}

func labelKeyValidator() validator.String {
	return validate.String("must be a label key", paiclient.CheckLabelKey)
}

func labelValueValidator() validator.String {
	return validate.String("must be a label value", paiclient.CheckLabelValue)
}

// frameworkValidator returns a validator for a framework, which is part of a label key.
func frameworkValidator() validator.String {
	return validate.String("must be a framework", func(value string) error {
		if err := validate.CheckNotEmpty(value); err != nil {
			return err
		}
		if paiclient.CheckLabelKey(value) != nil {
			return fmt.Errorf("%q contains \"=\" or \",\", which the API can't filter by: set one framework, such as "+
				"\"PyTorch\"", value)
		}
		return nil
	})
}

// chipTypeValidator returns a validator for a chip type, which is a label value.
func chipTypeValidator() validator.String {
	return validate.String("must be a chip type", func(value string) error {
		if err := validate.CheckNotEmpty(value); err != nil {
			return err
		}
		if paiclient.CheckLabelValue(value) != nil {
			return fmt.Errorf("%q contains \",\", which the API can't filter by: set one chip type, such as \"GPU\"", value)
		}
		return nil
	})
}

func versionConstraintValidator() validator.String {
	return validate.String("must be a version constraint", func(value string) error {
		if err := validate.CheckNotEmpty(value); err != nil {
			return err
		}
		if _, err := version.NewConstraint(value); err != nil {
			return fmt.Errorf("%q is not a version constraint: use one or more conditions separated by commas, such as "+
				"\"~> 2.3\" or \">= 2.0, < 3.0\"", value)
		}
		return nil
	})
}
