// Command release checks a commit before its release, and the files of the release.
//
//	release check TAG [rehearsal]   checks that the commit can be released as TAG
//	release notes                   prints the newest entry of CHANGELOG.md
//	release verify DIST             checks that DIST contains the files that registries require, with correct checksums
//	release unpack ARCHIVE FOLDER   extracts an archive into a folder
//
// Run it in the root folder of a checkout. For a rehearsal, the newest entry of CHANGELOG.md needs no date.
package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"terraform.local/pai/terraform-provider-pai/internal/build"
)

func main() {
	if err := run(os.DirFS("."), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(checkout fs.FS, arguments []string, output io.Writer) error {
	command, count := "", len(arguments)
	if count > 0 {
		command = arguments[0]
	}
	switch {
	case command == "check" && count == 2:
		return check(checkout, arguments[1], false)
	case command == "check" && count == 3 && arguments[2] == "rehearsal":
		return check(checkout, arguments[1], true)
	case command == "notes" && count == 1:
		newest, err := readChangelog(checkout)
		if err == nil {
			_, err = fmt.Fprintln(output, newest.text)
		}
		return err
	case command == "verify" && count == 2:
		names, err := releaseFiles(checkout, build.Version)
		if err != nil {
			return err
		}
		return verify(checkout, arguments[1], names)
	case command == "unpack" && count == 3:
		return unpack(arguments[1], arguments[2])
	default:
		const usage = "check TAG [rehearsal], notes, verify DIST or unpack ARCHIVE FOLDER"
		return fmt.Errorf("invalid arguments %q: use %s", arguments, usage)
	}
}

// check returns an error if the checkout can't be released under the tag. The tag, the code's version and the newest
// entry of the changelog must be the same version. The entry must have a date, except for a rehearsal.
func check(checkout fs.FS, tag string, rehearsal bool) error {
	if tag != "v"+build.Version {
		return fmt.Errorf("tag is %q: want v%s, the version in internal/build", tag, build.Version)
	}
	newest, err := readChangelog(checkout)
	if err != nil {
		return err
	}
	if newest.version != build.Version {
		return fmt.Errorf("newest entry of CHANGELOG.md is for %s: want %s, the version in internal/build",
			newest.version, build.Version)
	}
	if newest.date == unreleased && !rehearsal {
		return fmt.Errorf("%s is %s in CHANGELOG.md: set the date, such as 2006-01-31", newest.version, unreleased)
	}
	return nil
}
