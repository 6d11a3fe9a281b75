package lookup

import (
	"fmt"
	"strings"
)

// ramActions maps the operations of the API to the RAM actions that they need. examples/ram-policy.json allows all of
// these actions.
var ramActions = map[string]string{
	"ListImages":          "paiimage:ListImages",
	"GetImage":            "paiimage:GetImage",
	"ListImageLabels":     "paiimage:ListImageLabels",
	"ListWorkspaces":      "paiworkspace:ListWorkspaces",
	"GetWorkspace":        "paiworkspace:GetWorkspace",
	"GetDefaultWorkspace": "paiworkspace:GetDefaultWorkspace",
}

const ramPolicy = `{
  "Version": "1",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "%s",
      "Resource": "*"
    }
  ]
}`

// PermissionAdvice returns the advice for a denied request: a policy with the RAM action that the operation needs.
func PermissionAdvice(operation string) string {
	action := ramActions[operation]
	member := "To look up custom images, also add that user or role as a member of their workspace."
	if strings.HasPrefix(action, "paiworkspace:") {
		member = "The API may also require that this user or role is a member of the workspace."
	}
	// A leading space prevents that Terraform wraps the line.
	policy := " " + strings.ReplaceAll(fmt.Sprintf(ramPolicy, action), "\n", "\n ")
	advice := "Attach this policy to the RAM user or RAM role whose credentials the provider uses. " + member
	return advice + "\n\n" + policy
}
