package paisandbox

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCatalogueIsDeterministic(t *testing.T) {
	t.Parallel()
	builtIn := func() CatalogueFile { return CatalogueFile{Images: Catalogue(), Workspaces: Workspaces()} }
	var one, two bytes.Buffer
	if err := WriteCatalogue(&one, builtIn()); err != nil {
		t.Fatal(err)
	}
	if err := WriteCatalogue(&two, builtIn()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two calls return different images or workspaces")
	}
	got, err := ReadCatalogue(&one)
	if diff := cmp.Diff(builtIn(), got); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
}

func TestReadCatalogue(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		``:                         "EOF",
		`{"Images":[`:              "unexpected EOF",
		`[]`:                       "cannot unmarshal",
		`{"images_":[]}`:           `"Images"`,
		`{"Images":null}`:          `"Images"`,
		`{"Images":[]}{}`:          "after the first JSON value",
		`{"Images":[{"Size":""}]}`: "cannot unmarshal",
		`{"Images":[{"ImageId":"a"},{"ImageId":"a"}]}`:                         `ImageId "a"`,
		`{"Images":[],"Workspaces":[{"WorkspaceId":"1"},{"WorkspaceId":"1"}]}`: `WorkspaceId "1"`,
	} {
		if _, err := ReadCatalogue(strings.NewReader(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", data, err, want)
		}
	}
	file, err := ReadCatalogue(strings.NewReader(`{"RequestId":"x","Images":[{"New":1},{},{"ImageId":""}]}`))
	if err != nil || len(file.Images) != 3 || len(file.Workspaces) != len(Workspaces()) {
		t.Errorf("unknown members: got %v, %v, want three images and the built-in workspaces", file, err)
	}
	file, err = ReadCatalogue(strings.NewReader(`{"Images":[],"Workspaces":[]}`))
	if err != nil || len(file.Workspaces) != 0 {
		t.Errorf("got workspaces %v, %v, want none", file.Workspaces, err)
	}
}
