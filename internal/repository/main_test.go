package repository

import (
	"fmt"
	"os"
	"testing"
)

// TestMain has the tests name files as they stand in the repository.
func TestMain(m *testing.M) {
	if err := os.Chdir("../.."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
