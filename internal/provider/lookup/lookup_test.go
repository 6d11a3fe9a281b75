package lookup

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// TestAddOnce checks that twenty data sources add the full text of an error once, and a warning once. An error with
// the same summary and another detail is added whole, too.
func TestAddOnce(t *testing.T) {
	t.Parallel()
	var (
		data  ProviderData
		mu    sync.Mutex
		got   []string
		group sync.WaitGroup
	)
	for range 20 {
		group.Go(func() {
			var diags, others diag.Diagnostics // others, because diags drops a second error with the same text
			data.addOnce(&diags, diag.NewErrorDiagnostic("Missing region", "cause\n\nfix"))
			data.addOnce(&others, diag.NewErrorDiagnostic("Missing region", "another cause"))
			data.addOnce(&diags, diag.NewWarningDiagnostic("Two regions", "cause"))
			connection := &Connection{data: &data}
			connection.AddRequestError(&diags, &paiclient.CredentialsError{Err: fmt.Errorf("no role")}, "",
				func(string) (path.Path, bool) { return path.Empty(), false })
			mu.Lock()
			defer mu.Unlock()
			for _, d := range slices.Concat(diags, others) {
				got = append(got, fmt.Sprintf("%s: %s: %s", d.Severity(), d.Summary(), d.Detail()))
			}
		})
	}
	group.Wait()
	counts := make(map[string]int)
	for _, text := range got {
		counts[text]++
	}
	for text, want := range map[string]int{
		"Error: Missing region: cause\n\nfix": 1,
		"Error: Missing region: Another \"Missing region\" error of this run has the cause and the fix.": 38,
		"Error: Missing region: another cause":                            1,
		"Warning: Two regions: cause":                                     1,
		"Error: Cannot get credentials: Cannot get credentials: no role.": 1,
		"Error: Cannot get credentials: Another \"Cannot get credentials\" error of this run has the cause and the fix.": 19,
	} {
		if counts[text] != want {
			t.Errorf("%q was added %d times, want %d", text, counts[text], want)
		}
	}
	if slices.Sort(got); len(got) != 61 {
		t.Errorf("got %d diagnostics, want 61: %q", len(got), slices.Compact(got))
	}
}

// TestIncompleteWarning checks the reason in the warning. The count can be right although no two passes agree.
func TestIncompleteWarning(t *testing.T) {
	t.Parallel()
	for want, total := range map[string]*int64{
		"never returns a count": nil, "count is wrong": new(int64(130)), "workspaces change": new(int64(120)),
	} {
		var diags diag.Diagnostics
		AddIncompleteWarning(&diags, &paiclient.Incomplete{Passes: 4, TotalCount: total, Listed: 120}, "workspaces")
		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), want) {
			t.Errorf("%s is not in %v", want, diags)
		}
	}
}

// TestRejectedCredentials checks that an error about credentials names their source and not the arguments of the data
// source, and that each code has its own advice. Other errors have the arguments and no source.
func TestRejectedCredentials(t *testing.T) {
	t.Parallel()
	const source, request = "the keys of the provider block", "Filters:\n  official = true"
	advice := make(map[string]string) // the code by the last paragraph
	for _, test := range []struct {
		code     string
		kind     paiclient.Kind
		rejected bool
	}{
		{"SignatureDoesNotMatch", paiclient.KindCredentials, true},
		{"InvalidAccessKeyId.Inactive", paiclient.KindCredentials, true},
		{"InvalidAccessKeyId.NotFound", paiclient.KindCredentials, true},
		{"InvalidSecurityToken.Malformed", paiclient.KindCredentials, true},
		{"MissingSecurityToken", paiclient.KindCredentials, true},
		{"IncompleteSignature", paiclient.KindCredentials, true},
		{"Unauthorized", paiclient.KindCredentials, true},
		{"InvalidSecurityToken.Expired", paiclient.KindExpiredToken, true},
		{"", paiclient.KindCredentials, false}, // of a proxy
		{"NoPermission", paiclient.KindPermission, false},
		{"InvalidParameter.Labels", paiclient.KindParameter, false},
	} {
		var diags diag.Diagnostics
		connection := &Connection{CredentialSource: source, data: new(ProviderData)}
		connection.AddRequestError(&diags, &paiclient.APIError{Action: "ListImages", Code: test.code, Kind: test.kind},
			request, func(string) (path.Path, bool) { return path.Empty(), false })
		if len(diags) != 1 {
			t.Fatalf("%s: got %d diagnostics, want 1", test.code, len(diags))
		}
		detail := diags[0].Detail()
		if strings.Contains(detail, source) != test.rejected || strings.Contains(detail, request) == test.rejected {
			t.Errorf("%s: got %q, want the source (or otherwise the arguments): %t", test.code, detail, test.rejected)
		}
		last := detail[strings.LastIndex(detail, "\n\n"):]
		if other, ok := advice[last]; ok {
			t.Errorf("%s and %s have the same advice %q", other, test.code, last)
		}
		advice[last] = test.code
	}
}

// TestRejectedSessions checks that an error about a session names the source that issued it, and that the advice is not
// to set keys or a token, which the user doesn't have.
func TestRejectedSessions(t *testing.T) {
	t.Parallel()
	const source = "the sidecar set by ALICLOUD_CREDENTIALS_URI"
	for code, kind := range map[string]paiclient.Kind{
		"SignatureDoesNotMatch":        paiclient.KindCredentials,
		"InvalidSecurityToken.Expired": paiclient.KindExpiredToken,
	} {
		var diags diag.Diagnostics
		connection := &Connection{CredentialSource: source, Sessions: true, data: new(ProviderData)}
		connection.AddRequestError(&diags, &paiclient.APIError{Action: "ListImages", Code: code, Kind: kind}, "",
			func(string) (path.Path, bool) { return path.Empty(), false })
		if len(diags) != 1 {
			t.Fatalf("%s: got %d diagnostics, want 1", code, len(diags))
		}
		detail := diags[0].Detail()
		if !strings.Contains(detail, source+". ") || !strings.Contains(detail, "heck the source") ||
			strings.Contains(detail, "Set the") {
			t.Errorf("%s: got %q, want the advice to check the source", code, detail)
		}
	}
}
