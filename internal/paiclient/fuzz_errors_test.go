package paiclient_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
)

// FuzzErrors: whatever is answered as a failure is an APIError, the same at every time, that holds no secret though the answer
// does.
func FuzzErrors(f *testing.F) {
	for _, seed := range []struct {
		status               uint16
		body, contentType    string
		requestID, elsewhere string
	}{
		{400, `{"RequestId":"R","HostId":"h","Code":"Throttling.User","Message":"slow","Recommend":"https://api.example.com"}`, "application/json", "R", ""},
		{404, `{"Code":100700008,"Message":"denied","AccessDeniedDetail":{"AuthAction":"paiimage:ListImages","PolicyType":"①"}}`, "application/json", "", ""},
		{400, `{"code":"SignatureDoesNotMatch","message":"server string to sign is:GET\n/api/v1/images\n②","requestId":"③"}`, "application/json", "④", ""},
		{403, "<?xml version=\"1.0\"?><Error><Code>Forbidden.RAM</Code><Message>⑤ ⑥</Message><RequestId>⑦</RequestId></Error>", "text/xml", "", ""},
		{404, `{"Code":"Forbidden.RAM","code":"Throttling","CODE":"InvalidParameter","Message":"a","message":"b"}`, "application/json", "", ""},
		{502, "<html><body><h1>502 ⑧</h1></body></html>", "text/html; ⑨", "⑩", ""},
		{302, "", "text/html", "", "https://①.example.com/?Signature=②"},
		{400, `{"Message":"token \u0043AISfuzz/token+with=signs\u0026more, ⑪ and ⑫","Code":null}`, "\x00", "", "://"},
	} {
		f.Add(seed.status, []byte(seed.body), seed.contentType, seed.requestID, seed.elsewhere)
	}
	f.Fuzz(func(t *testing.T, status uint16, body []byte, contentType, requestID, elsewhere string) {
		answer := canned{status: 300 + int(status)%300, body: []byte(withSecrets(string(body))), header: http.Header{
			"Content-Type": {withSecrets(contentType)}, "X-Acs-Request-Id": {withSecrets(requestID)}, "Location": {withSecrets(elsewhere)},
		}}
		var first *paiclient.APIError
		for range 3 {
			answer := answer // with the requests of one client
			client := answered(t, &answer)
			_, err := client.ListImages(t.Context(), onePage)
			if err == nil {
				t.Fatalf("HTTP %d is a success", answer.status)
			}
			checkShown(t, err)
			var got *paiclient.APIError
			if !errors.As(err, &got) {
				t.Fatalf("HTTP %d: got %#v", answer.status, err)
			}
			if got.Status != answer.status || len(answer.asked) != 1 {
				t.Errorf("HTTP %d became %d after %d requests", answer.status, got.Status, len(answer.asked))
			}
			if diff := cmp.Diff(first, got); first != nil && diff != "" {
				t.Errorf("the same answer is another error:\n%s", diff)
			}
			first = got
		}
	})
}
