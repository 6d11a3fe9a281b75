package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/tabwriter"

	"terraform.local/pai/terraform-provider-pai/internal/build"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// verdict is the comparison of what was seen with what the provider assumes.
type verdict string

const (
	asAssumed verdict = "as assumed"
	differs   verdict = "differs"
	notSeen   verdict = "not seen"
)

// result is the result of a probe.
type result struct {
	verdict verdict
	seen    string // built by describe
}

// row is a row of the report.
type row struct {
	probe
	result
}

// reportable is a value that the report may contain. Only types that can't hold text of an account implement it.
type reportable interface{ reportable() }

// count is a number of images, labels, workspaces or requests.
type count int

func (count) reportable() {}

// describe returns the text for a result. The format is a constant.
func describe(format string, values ...reportable) string {
	arguments := make([]any, len(values))
	for i, v := range values {
		arguments[i] = v
	}
	return fmt.Sprintf(format, arguments...)
}

// assess returns the result that the provider's assumption is true or false.
func assess(isTrue bool, format string, values ...reportable) (result, error) {
	if isTrue {
		return result{asAssumed, describe(format, values...)}, nil
	}
	return result{differs, describe(format, values...)}, nil
}

// unseen returns the result that the fact can't be seen with this account or in this region.
func unseen(format string, values ...reportable) (result, error) {
	return result{notSeen, describe(format, values...)}, nil
}

// failure describes a failed request: the status and the error code.
type failure struct {
	status int
	code   string
}

func (failure) reportable() {}

// publicCode matches the codes of the API: names, and nine digits. It doesn't match an account number.
var publicCode = regexp.MustCompile(`^(?:[A-Z][A-Za-z]*(?:\.[A-Za-z]+)*|[0-9]{9})$`)

// String returns the status and the code, if it has the form of a code.
func (f failure) String() string {
	switch {
	case f.status == 0:
		return "no response"
	case f.code == "":
		return fmt.Sprintf("HTTP %d without a code", f.status)
	case !publicCode.MatchString(f.code) || len(f.code) > 60:
		return fmt.Sprintf("HTTP %d with another code", f.status)
	}
	return fmt.Sprintf("HTTP %d, code %s", f.status, f.code)
}

// failureOf returns the failure for an error of the client.
func failureOf(err error) failure {
	if apiErr, ok := errors.AsType[*paiclient.APIError](err); ok {
		return failure{apiErr.Status, apiErr.Code}
	}
	if responseErr, ok := errors.AsType[*paiclient.ResponseError](err); ok {
		return failure{status: responseErr.Status}
	}
	return failure{}
}

// formatReport returns the report as Markdown.
func formatReport(rows []row, s *session) string {
	var b strings.Builder
	unread := ""
	if !s.isComplete {
		unread = " on the pages read"
	}
	b.WriteString("# The PAI API compared with what the provider assumes\n\n")
	fmt.Fprintf(&b, "Version %s, %d requests, %d official images%s.\n\n",
		build.Version, s.requests(), len(s.official), unread)
	lines := tabwriter.NewWriter(&b, 0, 0, 1, ' ', 0)
	addRow := func(cells ...string) { _, _ = fmt.Fprintf(lines, "| %s\t|\n", strings.Join(cells, "\t| ")) }
	addRow("fact", "assumed", "seen", "result")
	addRow("---", "---", "---", "---")
	for _, r := range rows {
		addRow(r.fact, r.assumed, r.seen, string(r.verdict))
	}
	_ = lines.Flush() // writes to a strings.Builder never fail
	return b.String()
}

// requests returns the number of requests that were sent, including retries.
func (s *session) requests() int { return int(min(s.credentials.used.Load(), maxRequests)) }
