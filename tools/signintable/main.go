// Command signintable prints, as Markdown, where the provider looks for what signs in, in order. It asks the code that
// does so, and docs.sh puts it into the documentation: the table can't say anything else than what is done.
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

// write puts one row for each way that a layer may name, and one for each layer that is a way itself.
func write(to io.Writer) error {
	rows := [][]string{{"", "place", "way", "what names it"}, {"---", "---", "---", "---"}}
	add := func(place, way, named string) {
		rows = append(rows, []string{fmt.Sprint(len(rows) - 1), place, way, named})
	}
	for _, way := range signin.Ways {
		add("the provider block", way.Name, code(way.Arguments))
	}
	for _, way := range signin.Ways {
		add("the environment", way.Name, code(way.Environment))
	}
	for _, layer := range signin.Layers[2:] { // the first two are those above
		named := "nothing has to"
		if layer.File != "" {
			named = code([]string{path.Join("~", filepath.ToSlash(layer.File))}) + " is there"
		}
		add(layer.Name, "", named)
	}
	for _, row := range rows {
		if _, err := fmt.Fprintf(to, "| %s |\n", strings.Join(row, " | ")); err != nil {
			return err
		}
	}
	return nil
}

func code(names []string) string {
	return "`" + strings.Join(names, "`, `") + "`"
}
