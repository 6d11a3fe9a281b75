package sameaccount_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

// alicloudRow is an argument in the table of the guide about the alicloud provider, where a row may list several.
type alicloudRow struct {
	argument  string
	variables []string // of both providers
	more      []string // only of this provider
	claim     string
}

var (
	inlineCode = regexp.MustCompile("`([^`]+)`")
	tableRow   = regexp.MustCompile("(?m)^\\| ((?:`[\\w.]+`(?:, )?)+) \\| (.*?)\\|(.*)\\|$")
)

func alicloudTable(t *testing.T) []alicloudRow {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "alicloud.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	codes := func(text string) []string {
		var found []string
		for _, match := range inlineCode.FindAllStringSubmatch(text, -1) {
			found = append(found, match[1])
		}
		return found
	}
	var rows []alicloudRow
	for _, cells := range tableRow.FindAllStringSubmatch(string(content), -1) {
		both, more, _ := strings.Cut(cells[2], "only `pai`:")
		for _, argument := range codes(cells[1]) {
			rows = append(rows, alicloudRow{argument, codes(both), codes(more), strings.TrimSpace(cells[3])})
		}
	}
	return rows
}

// TestAlicloudTable checks the names and the order of the variables that the guide states for both providers, and that
// the guide has all arguments.
func TestAlicloudTable(t *testing.T) {
	t.Parallel()
	rows := alicloudTable(t)
	isOmitted := func(name string) bool {
		return !slices.ContainsFunc(rows, func(r alicloudRow) bool { return r.argument == name })
	}
	for _, row := range rows {
		if want := alicloudVariables[row.argument]; !slices.Equal(row.variables, want) {
			t.Errorf("%s: variables of alicloud %v, want %v", row.argument, row.variables, want)
		}
		if got, want := slices.Concat(row.variables, row.more), signin.Variables(row.argument); !slices.Equal(got, want) {
			t.Errorf("%s: variables of pai %v, want %v", row.argument, got, want)
		}
		isSupported := slices.ContainsFunc(signin.Arguments, func(a signin.Argument) bool {
			return a.Name == row.argument || strings.HasPrefix(a.Name, row.argument+".")
		})
		isMoved := strings.HasPrefix(row.argument, "endpoints.")
		switch claim, _, _ := strings.Cut(row.claim, ":"); {
		case claim == "not needed" && !isSupported, claim == "different" && (isSupported || isMoved):
		case strings.HasPrefix(claim, "the same") && isSupported:
		default:
			t.Errorf("%s: the claim %q is wrong (supported: %t)", row.argument, row.claim, isSupported)
		}
		if value := signin.Default(row.argument); strings.HasSuffix(row.argument, "session_name") &&
			!strings.Contains(row.claim, "default `"+value+"`") {
			t.Errorf("%s: the claim %q lacks the default %s", row.argument, row.claim, value)
		}
	}
	for _, argument := range signin.Arguments {
		if argument.Name != "sts_endpoint" && isOmitted(argument.Name) {
			t.Errorf("the table lacks %s", argument.Name)
		}
	}
	for _, name := range []string{
		"account_id", "skip_region_validation", "configuration_source", "protocol", "client_read_timeout",
		"client_connect_timeout", "max_retry_timeout", "source_ip", "secure_transport", "features", "account_type",
		"sign_version", "security_transport", "ots_instance_name", "log_endpoint", "mns_endpoint", "fc", "endpoints.sts",
		"endpoints.aiworkspace",
	} {
		if isOmitted(name) {
			t.Errorf("the table lacks %s", name)
		}
	}
}
