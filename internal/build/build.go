// Package build holds the provider's source address, version and commit.
package build

// The linker sets these variables in a published build, for example with
// -ldflags "-X terraform.local/pai/terraform-provider-pai/internal/build.Address=registry.example.com/team/pai".
var (
	// Address is the source address of the provider: an optional host, a namespace and a type.
	Address = "terraform.local/pai/pai"

	// Version is the provider's version. It has no pre-release suffix, because `terraform init` selects a pre-release
	// only if the configuration requires exactly that version.
	Version = "0.1.0"

	// Commit is the revision from which the binary was built. It is empty if the revision is unknown.
	Commit = ""
)

// String returns the output of the flag -version: the program's name, the version, the commit if known, and the source
// address.
func String() string {
	line := "terraform-provider-pai " + Version
	if Commit != "" {
		line += " (" + Commit + ")"
	}
	return line + " " + Address
}
