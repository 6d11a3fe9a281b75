package documents

import (
	"regexp"
	"slices"
	"strings"
)

// languages lists the language names that code blocks may have.
var languages = []string{"go", "hcl", "json", "mermaid", "sh", "terraform", "text", "yaml"}

var (
	// notPlannedComment matches the comment before a block of HCL that can't be planned: <!-- not planned: REASON -->.
	notPlannedComment = regexp.MustCompile(`^not planned: (\S.*\S)$`)

	// hclLine matches the first line of a block in a configuration, a test or a CLI configuration file.
	hclLine = regexp.MustCompile(`(?m)^[ \t]*(` +
		`(data|resource|provider|output|variable|module|check|run|ephemeral)( "[^"]*"){1,2}|` +
		`terraform|locals|provider_installation) \{`)
)

// Block is a block of code.
type Block struct {
	Line     int    // line number of the first line of code, from 1
	Language string // language of the fence; "" if the fence has none or the block is indented without a fence
	Code     string
	Comment  string // content of the HTML comment directly before the block
}

// IsHCL reports whether the language of the block is HCL.
func (b Block) IsHCL() bool {
	return b.Language == "hcl" || b.Language == "terraform"
}

// CallsFunctions reports whether the code calls a function of a provider, which older CLIs can't parse.
func (b Block) CallsFunctions() bool {
	return strings.Contains(b.Code, "provider::")
}

// NotPlannedReason returns the reason why the block can't be planned, or "" if it can.
func (b Block) NotPlannedReason() string {
	if match := notPlannedComment.FindStringSubmatch(b.Comment); match != nil {
		return match[1]
	}
	return ""
}

// Problems returns the problems with the language and the comment of the block. Each text contains the fix.
func (b Block) Problems() []string {
	var problems []string
	switch {
	case b.Language == "":
		problems = append(problems, "code without a language: use a fence that names one")
	case !slices.Contains(languages, b.Language):
		problems = append(problems, "unsupported language "+b.Language+": use one of "+strings.Join(languages, ", "))
	case !b.IsHCL() && hclLine.MatchString(b.Code):
		problems = append(problems, "HCL in a block of language "+b.Language+", so that no test plans it: use hcl")
	}
	switch reason := b.NotPlannedReason(); {
	case reason != "" && !b.IsHCL():
		problems = append(problems, `comment "not planned" before a block that is not HCL: remove it`)
	case reason == "" && b.Comment != "" && b.IsHCL():
		problems = append(problems, "comment <!-- "+b.Comment+" --> has no effect: use <!-- not planned: REASON -->")
	}
	return problems
}
