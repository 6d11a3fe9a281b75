package paiclient

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// TestSignatureVectors compares signatures with test vectors, one of which the vendor publishes.
func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/signature_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		ID        string            `json:"access_key_id"`
		Secret    string            `json:"access_key_secret"`
		Method    string            `json:"method"`
		Path      string            `json:"path"`
		Host      string            `json:"host"`
		Action    string            `json:"action"`
		Version   string            `json:"version"`
		Date      string            `json:"date"`
		Nonce     string            `json:"nonce"`
		Query     map[string]string `json:"query"`
		Signature string            `json:"signature"`
	}
	if err := json.Unmarshal(content, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 3 {
		t.Fatalf("got %d vectors, want 3", len(vectors))
	}
	for _, vector := range vectors {
		t.Run(vector.Action+" "+vector.Signature[:8], func(t *testing.T) {
			t.Parallel()
			date, err := time.Parse(signatureTimeLayout, vector.Date)
			if err != nil {
				t.Fatal(err)
			}
			transport := newSigningTransport(nil)
			transport.now = func() time.Time { return date }
			transport.nonce = func() string { return vector.Nonce }

			query := url.Values{}
			for name, value := range vector.Query {
				query.Set(name, value)
			}
			address := url.URL{Scheme: "https", Host: vector.Host, Path: vector.Path, RawQuery: query.Encode()}
			request, err := http.NewRequestWithContext(t.Context(), vector.Method, address.String(), http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			transport.sign(request, vector.Action, vector.Version,
				Credentials{AccessKeyID: vector.ID, AccessKeySecret: vector.Secret})

			authorization := request.Header.Get("Authorization")
			if !strings.HasSuffix(authorization, ",Signature="+vector.Signature) {
				t.Errorf("got %s, want signature %s", authorization, vector.Signature)
			}
			if !strings.HasPrefix(authorization, "ACS3-HMAC-SHA256 Credential="+vector.ID+",SignedHeaders=host;") {
				t.Errorf("got %s", authorization)
			}
		})
	}
}
