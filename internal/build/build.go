// Package build says what this program is: the one place for the address, version and commit that the linker may set.
package build

// Whoever publishes the provider sets these when linking, for example
// -ldflags "-X terraform.local/pai/terraform-provider-pai/internal/build.Address=registry.example.com/team/pai".
var (
	// Address is where Terraform finds the provider: host, namespace and type, or a public registry's namespace and type.
	Address = "terraform.local/pai/pai"

	// Version is a release version: `terraform init` passes over pre-releases.
	Version = "0.1.0"

	// Commit is the revision that the binary was made from, empty where nobody said.
	Commit = ""
)

// String is what `-version` prints: program, version, commit where known, and address.
func String() string {
	text := "terraform-provider-pai " + Version
	if Commit != "" {
		text += " (" + Commit + ")"
	}
	return text + " " + Address
}
