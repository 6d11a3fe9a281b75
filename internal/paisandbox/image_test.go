package paisandbox

import (
	"encoding/json"
	"net/http"
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

func TestGetImage(t *testing.T) {
	t.Parallel()
	torch := smallCatalogue()[0]
	escaped := Official("registry/pai/odd:1").With(func(i *Image) { i.ImageID = Value("image-a/b c*+~像") })
	c := newCaller(startSandbox(t, Options{Catalogue: append(smallCatalogue(), escaped)}))
	for target, want := range map[string]Image{
		"/torch?Verbose=true": torch,
		"/torch":              torch.With(func(i *Image) { i.Labels = Omitted[[]Label]() }),
		"/image-a%2Fb%20c*%2B~%E5%83%8F?Verbose=true":     escaped,
		"/image-a%2Fb%20c%2A%2B%7E%E5%83%8F?Verbose=true": escaped,
	} {
		r := c.get(t, imagesPath+target)
		if r.StatusCode != http.StatusOK {
			t.Errorf("%s: got %s %s", target, r.Status, r.body)
			continue
		}
		var got getImageResponse
		decodeStrictly(t, r.body, &got)
		want.ImageID = Omitted[string]()
		if diff := cmp.Diff(want, got.Image); diff != "" || got.RequestID != r.Header.Get("X-Acs-Request-Id") {
			t.Errorf("%s: got request id %s, %s", target, got.RequestID, diff)
		}
	}
	r := c.get(t, imagesPath+"/none")
	if e := r.apiError(t); r.StatusCode != http.StatusNotFound || e.Code != imageNotFoundCode {
		t.Errorf("unknown id: got %s %s, want 404 %s", r.Status, e.Code, imageNotFoundCode)
	}
}
