package provider

import (
	"fmt"
	"os"
	"strings"
	"unicode"
)

// userAgent says who calls: Terraform, this provider with the commit that it was made from, where that is known, and what the user adds
// through TF_APPEND_USER_AGENT.
func userAgent(terraform, provider, commit string) string {
	agent := fmt.Sprintf("Terraform/%s (+https://www.terraform.io) terraform-provider-pai/%s", terraform, provider)
	if commit != "" {
		agent += " (" + commit + ")"
	}
	added := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1 // a line end would end the header
		}
		return r
	}, os.Getenv("TF_APPEND_USER_AGENT"))
	return strings.TrimSpace(agent + " " + strings.TrimSpace(added))
}
