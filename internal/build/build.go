// Package build holds the provider's source address, version and commit.
package build

// The linker sets these variables in a published build, for example with
// -ldflags "-X terraform.local/pai/terraform-provider-pai/internal/build.Address=registry.example.com/team/pai".
var (
	// Address is the source address of the provider: an optional host, a namespace and a type.
	Address = "terraform.local/pai/pai"

	// Version is a release version. `terraform init` ignores pre-releases.
	Version = "0.1.0"

	// Commit is the revision from which the binary was built, or empty if it is unknown.
	Commit = ""
)

// String returns the line that the flag -version prints: program, version, commit if known, and address.
func String() string {
	line := "terraform-provider-pai " + Version
	if Commit != "" {
		line += " (" + Commit + ")"
	}
	return line + " " + Address
}
