package documents

import (
	"regexp"
	"slices"
	"strings"
)

// languages are those that code in the documents is written in.
var languages = []string{"go", "hcl", "json", "mermaid", "sh", "terraform", "text", "yaml"}

// notPlanned is the mark of a block of HCL that can't be planned, with the reason: <!-- not planned: REASON -->.
var notPlanned = regexp.MustCompile(`^not planned: (\S.*\S)$`)

// hclAtHome is how HCL of a configuration, of a test of one, or of the CLI's configuration begins a line.
var hclAtHome = regexp.MustCompile(`(?m)^[ \t]*((data|resource|provider|output|variable|module|check|run|ephemeral)( "[^"]*"){1,2}|terraform|locals|provider_installation) \{`)

// IsHCL says whether the fence calls the code HCL.
func (b Block) IsHCL() bool {
	return b.Language == "hcl" || b.Language == "terraform"
}

// CallsFunctions says whether the code calls a provider's function, which older CLIs can't even read.
func (b Block) CallsFunctions() bool {
	return strings.Contains(b.Code, "provider::")
}

// Reason is why the block isn't planned, empty where nothing keeps it from it.
func (b Block) Reason() string {
	if found := notPlanned.FindStringSubmatch(b.Mark); found != nil {
		return found[1]
	}
	return ""
}

// Faults are what is wrong with a block as it stands, each with what mends it.
func (b Block) Faults() []string {
	var faults []string
	switch {
	case b.Language == "":
		faults = append(faults, "the block of code doesn't say its language: fence it, and name one")
	case !slices.Contains(languages, b.Language):
		faults = append(faults, b.Language+" is not one of the languages used here: "+strings.Join(languages, ", "))
	case !b.IsHCL() && hclAtHome.MatchString(b.Code):
		faults = append(faults, "this is HCL, and called "+b.Language+": nothing would plan it")
	}
	switch marked := b.Reason() != ""; {
	case marked && !b.IsHCL():
		faults = append(faults, "only HCL is planned, so there is nothing to take out")
	case b.Mark != "" && !marked && b.IsHCL():
		faults = append(faults, "<!-- "+b.Mark+" --> marks nothing: a block that can't be planned has <!-- not planned: REASON --> before it")
	}
	return faults
}
