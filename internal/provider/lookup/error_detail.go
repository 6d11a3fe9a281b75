package lookup

import (
	"errors"

	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// explainedError is an error whose fix has a paragraph of its own. Errors of credential sources implement it.
type explainedError interface {
	error
	Cause() error
	Advice() string // sentences
}

// ErrorDetail returns the message of an error as the detail of a diagnostic.
func ErrorDetail(err error) string {
	if explained, ok := errors.AsType[explainedError](err); ok {
		return joinParagraphs(validate.ErrorSentence(explained.Cause()), explained.Advice())
	}
	return validate.ErrorSentence(err)
}
