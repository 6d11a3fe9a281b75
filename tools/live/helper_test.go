package main

import (
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

func startSandbox(t *testing.T, options paisandbox.Options, faults ...paisandbox.Fault) *paisandbox.Sandbox {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	for _, fault := range faults {
		sandbox.AddFault(fault)
	}
	return sandbox
}

// environ returns an environment with only these variables, NAME=value, and without a home directory.
func environ(variables []string) signin.Env {
	return signin.Env{Getenv: func(name string) string {
		for _, variable := range variables {
			if value, ok := strings.CutPrefix(variable, name+"="); ok {
				return value
			}
		}
		return ""
	}}
}

// runSandbox runs the probes against a sandbox with the faults, and returns the rows of the report by fact.
func runSandbox(t *testing.T, options paisandbox.Options, faults ...paisandbox.Fault) map[string]row {
	t.Helper()
	return runSession(t, newSession(t, startSandbox(t, options, faults...)))
}

func newSession(t *testing.T, sandbox *paisandbox.Sandbox) *session {
	t.Helper()
	s, warnings, err := signIn("", environ(sandbox.Environ()))
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	return s
}

func runSession(t *testing.T, s *session) map[string]row {
	t.Helper()
	if err := s.collect(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, err := s.runProbes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byFact := make(map[string]row)
	for _, r := range rows {
		byFact[r.fact] = r
	}
	return byFact
}

// factsWith returns the facts that start with a text and contain others.
func factsWith(prefix string, parts ...string) []string {
	var facts []string
	for _, p := range probes {
		lacks := func(part string) bool { return !strings.Contains(p.fact, part) }
		if strings.HasPrefix(p.fact, prefix) && !slices.ContainsFunc(parts, lacks) {
			facts = append(facts, p.fact)
		}
	}
	return facts
}

// hasParameter matches requests with a parameter.
func hasParameter(parameter string) func(paisandbox.Request) bool {
	return func(r paisandbox.Request) bool { return r.Query.Has(parameter) }
}

func onAction(action string, do paisandbox.Effect) paisandbox.Fault {
	return paisandbox.Fault{Match: paisandbox.OnAction(action), Do: do}
}

// oneLabel is a value of the member Labels.
var oneLabel = []map[string]string{{"Key": "k", "Value": "v"}}

// keepItems keeps only the items of a list whose member matches the parameter.
func keepItems(parameter, list, member string, matches func(text, filter string) bool) paisandbox.Fault {
	return paisandbox.Fault{Match: hasParameter(parameter), Do: paisandbox.ChangeJSON(
		func(r paisandbox.Request, object map[string]any) {
			items, _ := object[list].([]any)
			object[list] = slices.DeleteFunc(items, func(item any) bool {
				text, _ := item.(map[string]any)[member].(string)
				return !matches(text, r.Query.Get(parameter))
			})
		})}
}

// setInImages sets a member of all images of a list.
func setInImages(member string, value any) paisandbox.Effect {
	return paisandbox.ChangeJSON(func(_ paisandbox.Request, object map[string]any) {
		items, _ := object["Images"].([]any)
		for _, item := range items {
			item.(map[string]any)[member] = value
		}
	})
}
