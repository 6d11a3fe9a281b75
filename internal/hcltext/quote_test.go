package hcltext

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"golang.org/x/text/unicode/norm"
)

// FuzzQuote checks that HCL reads a quoted text as the text, and that it has no characters that control the terminal.
// HCL normalizes strings to Unicode form C.
func FuzzQuote(f *testing.F) {
	for _, text := range []string{
		"", "a\"b\\", "${x}", "%{x}", "$${x}", "$$", "%", "$", "{", "\\${", "$$$${", "%%{if x}",
		"\a\b\x00\x7f", "\n\r\t", "ä\u00a0\ufffd", "\U0001F9EA\U000E0001", "a\u0308",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted := Quote(text)
		expression, diags := hclsyntax.ParseExpression([]byte(quoted), "test.tf", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%q is quoted as %s: %v", text, quoted, diags)
		}
		value, diags := expression.Value(nil)
		if diags.HasErrors() {
			t.Fatalf("%q is quoted as %s: %v", text, quoted, diags)
		}
		if !utf8.ValidString(text) {
			return // strings in Terraform are always valid
		}
		if got := value.AsString(); got != norm.NFC.String(text) {
			t.Errorf("%q is quoted as %s, which is %q", text, quoted, got)
		}
		if strings.ContainsFunc(quoted, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%q is quoted as %q, which has control characters", text, quoted)
		}
	})
}
