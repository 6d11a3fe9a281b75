package paiclient_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// FuzzErrors checks that every response with an error status causes an APIError without secrets. The same response must
// always cause the same error.
func FuzzErrors(f *testing.F) {
	for _, seed := range []struct {
		status                                 uint16
		body, contentType, requestID, location string
	}{
		{
			400, `{"RequestId":"R","HostId":"h","Code":"Throttling.User","Message":"slow",` +
				`"Recommend":"https://api.example.com"}`, "application/json", "R", "",
		},
		{
			404, `{"Code":100700008,"Message":"denied",` +
				`"AccessDeniedDetail":{"AuthAction":"paiimage:ListImages","PolicyType":"①"}}`, "application/json", "", "",
		},
		{
			400, `{"code":"SignatureDoesNotMatch","message":"server string to sign is:GET\n/api/v1/images\n②",` +
				`"requestId":"③"}`, "application/json", "④", "",
		},
		{
			403, "<?xml version=\"1.0\"?><Error><Code>Forbidden.RAM</Code><Message>⑤ ⑥</Message>" +
				"<RequestId>⑦</RequestId></Error>", "text/xml", "", "",
		},
		{
			404, `{"Code":"Forbidden.RAM","code":"Throttling","CODE":"InvalidParameter","Message":"a","message":"b"}`,
			"application/json", "", "",
		},
		{502, "<html><body><h1>502 ⑧</h1></body></html>", "text/html; ⑨", "⑩", ""},
		{302, "", "text/html", "", "https://①.example.com/?Signature=②"},
		{
			400, `{"Message":"token \u0043AISfuzz/token+with=signs\u0026more, ⑪ and ⑫","Code":null}`, "\x00", "", "://",
		},
	} {
		f.Add(seed.status, seed.body, seed.contentType, seed.requestID, seed.location)
	}
	f.Fuzz(func(t *testing.T, status uint16, body, contentType, requestID, location string) {
		wantStatus := 300 + int(status)%300
		header := http.Header{
			"Content-Type": {insertSecrets(contentType)}, "X-Acs-Request-Id": {insertSecrets(requestID)},
			"Location": {insertSecrets(location)},
		}
		var previous *paiclient.APIError
		for range 3 {
			client, transport := newFuzzClient(t, wantStatus, insertSecrets(body), header)
			_, err := client.ListImages(t.Context(), onePage)
			if err == nil {
				t.Fatalf("HTTP %d: no error", wantStatus)
			}
			checkErrorText(t, err)
			var got *paiclient.APIError
			if !errors.As(err, &got) {
				t.Fatalf("HTTP %d: got %#v", wantStatus, err)
			}
			if got.Status != wantStatus || len(transport.requests) != 1 {
				t.Errorf("got HTTP %d after %d requests, want %d", got.Status, len(transport.requests), wantStatus)
			}
			if diff := cmp.Diff(previous, got); previous != nil && diff != "" {
				t.Errorf("different errors for one response:\n%s", diff)
			}
			previous = got
		}
	})
}

// FuzzImages checks that every HTTP 200 response causes an error or returns images. If these images are encoded and
// decoded again, the result must be the same.
func FuzzImages(f *testing.F) {
	catalogue := paisandbox.Catalogue()
	for i := 0; i < len(catalogue); i += 40 {
		f.Add(marshalJSON(f, map[string]any{"RequestId": "R", "TotalCount": 2, "Images": catalogue[i : i+2]}))
		f.Add(marshalJSON(f, catalogue[i]))
	}
	for _, odd := range []string{
		`{"TotalCount":4,"Images":[{},{"ImageId":null,"Labels":null},` +
			`{"ImageId":"a","Description":"","Labels":[],"GmtCreateTime":"2021-01-21T17:12:35Z\n"}]}`,
		`{"totalcount":-1,"images":[{"imageid":"\ud800\u0000","Size":9223372036854775807,` +
			`"Labels":[{},null,{"Key":"k"},{"Key":"k","Value":""}]}],"images":[]}`,
		`{"Code":"Forbidden.RAM","Message":"no","TotalCount":0,"Images":[]}`,
		`{"Images":null,"TotalCount":null}`, `[{}]`, `"`, "\xff",
	} {
		f.Add(odd)
	}
	f.Fuzz(func(t *testing.T, body string) {
		list := func(body string) (*paiclient.ImageList, error) {
			client, _ := newFuzzClient(t, http.StatusOK, body, nil)
			return client.ListImages(t.Context(), onePage)
		}
		if first, err := list(body); err != nil {
			checkBodyError(t, err)
		} else {
			checkList(t, first)
			encoded := marshalJSON(t, map[string]any{"Images": first.Images, "TotalCount": first.TotalCount})
			second, err := list(encoded)
			if err != nil {
				t.Fatalf("%s: %v", encoded, err)
			}
			// These may differ, because duplicates are removed from the images.
			second.PageMismatch, second.Pages = first.PageMismatch, first.Pages
			if diff := cmp.Diff(first, second); diff != "" {
				t.Errorf("%s decoded again:\n%s", encoded, diff)
			}
		}

		get := func(body string) (*pai.Image, error) {
			client, _ := newFuzzClient(t, http.StatusOK, body, nil)
			return client.GetImage(t.Context(), "image-1", true)
		}
		first, err := get(body)
		if err != nil {
			checkBodyError(t, err)
			return
		}
		encoded := marshalJSON(t, first)
		second, err := get(encoded)
		if diff := cmp.Diff(first, second); err != nil || diff != "" {
			t.Errorf("%s decoded again: %v\n%s", encoded, err, diff)
		}
	})
}

// checkBodyError checks that err is a ResponseError or an APIError.
func checkBodyError(t *testing.T, err error) {
	t.Helper()
	checkErrorText(t, err)
	var (
		apiErr   *paiclient.APIError
		response *paiclient.ResponseError
	)
	if !errors.As(err, &apiErr) && !errors.As(err, &response) {
		t.Errorf("got %#v", err)
	}
}

// checkList checks that images are distinct and in ascending order, and that times have no surrounding whitespace.
func checkList(t *testing.T, list *paiclient.ImageList) {
	t.Helper()
	seen := make(map[string]bool)
	for i := range list.Images {
		image := &list.Images[i]
		if i > 0 && pai.CompareCreated(&list.Images[i-1], image) > 0 {
			t.Errorf("image %d is out of order", i)
		}
		if id := image.ImageID; id != nil && *id != "" {
			if seen[*id] {
				t.Errorf("image %q is listed twice", *id)
			}
			seen[*id] = true
		}
		for _, field := range []*string{image.GmtCreateTime, image.GmtModifiedTime} {
			if field != nil && strings.TrimSpace(*field) != *field {
				t.Errorf("time %q has whitespace", *field)
			}
		}
	}
}

// FuzzLabels checks that ListImages either sends labels that parse back to the input, or returns an error without
// sending a request.
func FuzzLabels(f *testing.F) {
	catalogue := paisandbox.Catalogue()
	for i := 0; i < len(catalogue); i += 30 {
		labels := catalogue[i].Labels.Or(nil)
		if len(labels) > 1 {
			f.Add(labels[0].Key, labels[0].Value, labels[1].Key, labels[1].Value)
		}
	}
	f.Add("system.framework", "XGBoost 1.6.0", "a", "x=y")
	f.Add("a", "ü&+%", "b", pai.AnyValue)
	for _, odd := range [][2]string{
		{"a=b", "1"}, {"a,b", "1"}, {"a", "1,2"}, {"a", "1,c=2"}, {"", "1"}, {" ", "1"}, {"a", ""}, {"a", "\n"},
	} {
		f.Add(odd[0], odd[1], "b", "1")
	}
	f.Fuzz(func(t *testing.T, key, value, key2, value2 string) {
		want := map[string]string{key: value}
		want[key2] = value2
		client, transport := newFuzzClient(t, http.StatusOK, `{"TotalCount":0,"Images":[]}`, nil)
		in := onePage
		in.Labels = want
		_, err := client.ListImages(t.Context(), in)

		var checkErr error
		for key, value := range want {
			checkErr = errors.Join(checkErr, paiclient.CheckLabelKey(key), paiclient.CheckLabelValue(value))
		}
		if (err != nil) != (checkErr != nil) {
			t.Fatalf("%q: got %v, but the checks return %v", want, err, checkErr)
		}
		if err != nil {
			if len(transport.requests) != 0 {
				t.Errorf("%q was sent: %s", want, transport.requests[0].URL)
			}
			return
		}
		sent := transport.requests[0].URL.Query().Get("Labels")
		got := make(map[string]string)
		for filter := range strings.SplitSeq(sent, ",") {
			key, value, _ := strings.Cut(filter, "=")
			if _, ok := got[key]; ok {
				t.Errorf("key %q is twice in %q", key, sent)
			}
			got[key] = value
		}
		if !maps.Equal(got, want) {
			t.Errorf("%q was sent as %q, which means %q", want, sent, got)
		}
	})
}
