// Command release checks what a release is cut from, and what came out.
//
//	release check TAG [rehearsal]   may this be released as TAG? A rehearsal goes without a date
//	release notes                   what CHANGELOG.md says of the newest version
//	release verify DIST             is in DIST what registries ask for, each file with its sum?
//	release unpack ARCHIVE FOLDER   puts the files of an archive into a folder
//
// It runs at the top of a checkout.
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
		return fmt.Errorf("%q: check TAG [rehearsal], notes, verify DIST, or unpack ARCHIVE FOLDER", arguments)
	}
}

// check says why the checkout can't be released under a tag: the code's version, the changelog's newest entry and the tag must be one, and
// a release has a day.
func check(checkout fs.FS, tag string, rehearsal bool) error {
	if tag != "v"+build.Version {
		return fmt.Errorf("the tag is %q, and internal/build says version %s, so the tag must be v%[2]s", tag, build.Version)
	}
	newest, err := readChangelog(checkout)
	if err != nil {
		return err
	}
	if newest.version != build.Version {
		return fmt.Errorf("the newest entry of CHANGELOG.md is of %s, and the release of %s", newest.version, build.Version)
	}
	if newest.date == unreleased && !rehearsal {
		return fmt.Errorf("CHANGELOG.md has %s as %s: write the day there, as in 2006-01-31", newest.version, unreleased)
	}
	return nil
}
