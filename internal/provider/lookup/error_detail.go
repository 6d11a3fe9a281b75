package lookup

import (
	"errors"

	"terraform.local/pai/terraform-provider-pai/internal/provider/validate"
)

// explainedError is an error with separate texts for its cause and its advice. Errors of credential sources implement
// it.
type explainedError interface {
	error
	Cause() error
	Advice() string // sentences, the first without a capital letter and the last without a full stop
}

// ErrorDetail returns the detail of a diagnostic for the error. If the error has a cause and advice, each is a
// paragraph.
func ErrorDetail(err error) string {
	if explained, ok := errors.AsType[explainedError](err); ok {
		return joinParagraphs(validate.ErrorSentence(explained.Cause()), validate.FormatSentence(explained.Advice()))
	}
	return validate.ErrorSentence(err)
}
