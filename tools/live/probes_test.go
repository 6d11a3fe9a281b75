package main

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// unseenInSandbox are the facts that the sandbox shows only with a fault.
var unseenInSandbox = []string{"error of a missing right", "error of throttling"}

// TestSandboxIsAsAssumed checks that the sandbox behaves as the provider assumes.
func TestSandboxIsAsAssumed(t *testing.T) {
	t.Parallel()
	for fact, r := range runSandbox(t, paisandbox.Options{}) {
		want := asAssumed
		if slices.Contains(unseenInSandbox, fact) {
			want = notSeen
		}
		if r.verdict != want {
			t.Errorf("%s: got %s (%s), want %s", fact, r.verdict, r.seen, want)
		}
	}
}

// TestNotSeen checks the facts that an account can't show because it lacks images, workspaces or a right.
func TestNotSeen(t *testing.T) {
	t.Parallel()
	denied := paisandbox.Fault{
		Match: paisandbox.OnAction("ListWorkspaces"), Do: paisandbox.APIError(403, "NoPermission", ""),
	}
	blocked := paisandbox.Fault{Match: hasParameter("Name"), Do: paisandbox.Status(403, "text/html", "Blocked")}
	workspaceFacts := slices.Concat([]string{"WorkspaceId: official images"}, factsWith("WorkspaceName:"))
	for name, tt := range map[string]struct {
		options paisandbox.Options
		faults  []paisandbox.Fault
		facts   []string
		seen    string
	}{
		"no right": {
			faults: []paisandbox.Fault{denied}, facts: workspaceFacts,
			seen: "ListWorkspaces: HTTP 403, code NoPermission",
		},
		"no workspace": {
			options: paisandbox.Options{Workspaces: []paisandbox.Workspace{}}, facts: workspaceFacts,
			seen: "no workspace is listed",
		},
		"no image": {
			options: paisandbox.Options{Catalogue: []paisandbox.Image{}}, facts: factsWith("Name:"),
			seen: "no official image to filter by",
		},
		"few images": {
			options: paisandbox.Options{Catalogue: paisandbox.Numbered(20)},
			facts:   []string{"PageSize=100", "PageSize=200", "PageSize=1000", "default of PageSize"},
			seen:    "images read: 20",
		},
		"responses of a proxy": {
			faults: []paisandbox.Fault{blocked}, facts: factsWith("Name:"),
			seen: "HTTP 403 without a code",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := runSandbox(t, tt.options, tt.faults...)
			for _, fact := range tt.facts {
				if got := rows[fact]; got.verdict != notSeen || got.seen != tt.seen {
					t.Errorf("%s: got %s (%s), want %s (%s)", fact, got.verdict, got.seen, notSeen, tt.seen)
				}
			}
		})
	}
}

// TestLimit checks that the limit of requests is enough for a service with more official images than the program reads,
// and that the program sends no request beyond the limit.
func TestLimit(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]int64{"enough": 0, "not enough": 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := startSandbox(t, paisandbox.Options{Catalogue: paisandbox.Numbered(100*maxPages + 50)})
			s := newSession(t, sandbox)
			s.credentials.used.Store(before)
			rows := runSession(t, s)
			limited := 0
			for _, r := range rows {
				if strings.Contains(r.seen, strconv.Itoa(maxRequests)+" requests") {
					limited++
				}
			}
			sent := len(sandbox.Requests())
			if before == 0 && (limited > 0 || sent >= maxRequests) {
				t.Errorf("%d requests sent, and %d facts lack a request", sent, limited)
			}
			if before > 0 && (limited == 0 || sent != maxRequests-int(before)) {
				t.Errorf("%d requests sent, and %d facts lack a request, want %d requests", sent, limited, maxRequests-before)
			}
		})
	}
}
