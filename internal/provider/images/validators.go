package images

import (
	"cmp"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
	"terraform.local/pai/terraform-provider-pai/internal/imageuri"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// frameworkValidator returns a validator for a framework, which is part of a label key.
func frameworkValidator() validator.String {
	return validate.String("must be a framework", func(value string) error {
		if err := validate.CheckNotEmpty(value); err != nil {
			return err
		}
		if paiclient.CheckLabelKey(value) != nil {
			return fmt.Errorf("%s contains \"=\" or \",\", which the API can't filter by: set one framework, such as "+
				"\"PyTorch\"", hcltext.Quote(value))
		}
		return nil
	})
}

// chipTypeValidator returns a validator for a chip type, which is a label value.
func chipTypeValidator() validator.String {
	return validate.String("must be a chip type", checkChipType)
}

func checkChipType(value string) error {
	if err := validate.CheckNotEmpty(value); err != nil {
		return err
	}
	if paiclient.CheckLabelValue(value) != nil {
		return fmt.Errorf("%s contains \",\", which the API can't filter by: set one chip type, such as \"GPU\"",
			hcltext.Quote(value))
	}
	return nil
}

// repositoryValidator returns a validator for a repository, which is an image URI without a tag and a digest.
func repositoryValidator() validator.String {
	return validate.String("must be a repository", func(value string) error {
		if err := validate.CheckNotEmpty(value); err != nil {
			return err
		}
		reference, err := imageuri.Parse(value)
		switch {
		case err != nil:
			return fmt.Errorf("%s is not a repository: use the last part of the path, such as \"pytorch\", or more of the "+
				"URI, such as \"pai/pytorch\"", hcltext.Quote(value))
		case reference.Tag != "" || reference.Digest != "":
			return fmt.Errorf("%s has a tag or a digest: use %s. To filter by the tag, use version or name_regex",
				hcltext.Quote(value), hcltext.Quote(reference.FullName()))
		}
		return nil
	})
}

func versionConstraintValidator() validator.String {
	return validate.String("must be a version constraint", func(value string) error {
		_, err := selection.ParseConstraints(value)
		return cmp.Or(validate.CheckNotEmpty(value), err)
	})
}

// lookAround matches the start of a look-ahead or a look-behind, which RE2 doesn't support.
var lookAround = regexp.MustCompile(`\(\?<?[!=]`)

// nameRegexValidator returns a validator for a regular expression. Its error names exclude_name_regex if the expression
// has a look-ahead or a look-behind.
func nameRegexValidator() validator.String {
	return validate.String("must be a regular expression in RE2 syntax", func(value string) error {
		err := validate.CheckRegex(value)
		if err != nil && lookAround.MatchString(value) {
			return fmt.Errorf("%w. RE2 has no look-ahead and no look-behind: to drop images, use exclude_name_regex", err)
		}
		return err
	})
}
