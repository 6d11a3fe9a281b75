// Command signintable prints the credential sources in search order, as a Markdown table. docs.sh inserts the table
// into the documentation. The rows are those of signin.Sources, the list that the provider searches.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"path"
	"path/filepath"
	"strings"

	"terraform.local/pai/terraform-provider-pai/internal/signin"
)

func main() {
	if err := write(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// write writes a header and one row for each source.
func write(w io.Writer) error {
	rows := [][]string{{"", "set in", "credential source", "selected by any of"}, {"---", "---", "---", "---"}}
	for i, source := range signin.Sources {
		where, selectedBy := "ECS instance", "(always tried)"
		switch {
		case source.Arguments != nil:
			where, selectedBy = "provider block", inlineCode(source.Arguments...)
		case source.Variables != nil:
			// The page of environment variables lists them.
			where, selectedBy = "environment", "[its variables](environment-variables.md#credentials)"
		case source.File != "":
			where, selectedBy = "home directory", "the file "+inlineCode(path.Join("~", filepath.ToSlash(source.File)))
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), where, source.Name, selectedBy})
	}
	for _, row := range rows {
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | ")); err != nil {
			return err
		}
	}
	return nil
}

func inlineCode(names ...string) string {
	return "`" + strings.Join(names, "`, `") + "`"
}
