package paisandbox

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
