package paisandbox

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestImageJSON(t *testing.T) {
	t.Parallel()
	for want, image := range map[string]Image{
		`{}`:                          {},
		`{"Name":null,"Labels":null}`: {Name: Null[string](), Labels: Null[[]Label]()},
		`{"Name":"","Labels":[]}`:     {Name: Value(""), Labels: Value([]Label{})},
		`{"Size":0}`:                  {Size: Value[int64](0)},
		`{"Labels":[{"Key":"k","Value":"v"}],"ImageId":"image-1","Size":9007199254740993}`: {
			ImageID: Value("image-1"), Size: Value[int64](1<<53 + 1), Labels: Value([]Label{L("k", "v")}),
		},
	} {
		got, err := json.Marshal(image)
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
		var decoded Image
		if err := json.Unmarshal(got, &decoded); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(image, decoded); diff != "" {
			t.Errorf("%s: %s", want, diff)
		}
	}
	if err := json.Unmarshal([]byte(`{"Size":"large"}`), new(Image)); err == nil {
		t.Error("a string was decoded as a size")
	}
}
