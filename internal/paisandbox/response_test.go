package paisandbox

import (
	"compress/gzip"
	"net/http"
	"testing"
)

func TestCompression(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{})
	for accept, want := range map[string]bool{
		"gzip": true, "deflate, gzip;q=0.5, *": true, "gzip; q=1.0": true, "identity": false, "gzip;q=0": false, "br": false,
	} {
		c := newCaller(s)
		r := c.newRequest(t.Context(), t, imagesPath)
		r.Header.Set("Accept-Encoding", accept) // the transport then doesn't decompress
		response, err := c.http.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := response.Header.Get("Content-Encoding") == "gzip"; got != want {
			t.Errorf("%s: got a compressed response: %t, want %t", accept, got, want)
		}
		if want {
			if _, err := gzip.NewReader(response.Body); err != nil {
				t.Errorf("%s: %v", accept, err)
			}
		}
		_ = response.Body.Close()
	}
	c := newCaller(s)
	c.beforeSigning = func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }
	if r := c.get(t, imagesPath+"?PageSize=0"); r.Header.Get("Content-Encoding") != "" {
		t.Error("an error response is compressed")
	}
	newCaller(s).list(t, "") // the transport requests and decompresses gzip by itself
}
