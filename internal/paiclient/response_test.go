package paiclient_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

func pointerTo(s string) *string { return &s }

// TestDecodeImages checks that omitted fields and null fields are nil, and that empty fields are empty. Rule 2 of
// DESIGN.md.
func TestDecodeImages(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":4,"Images":[
		{},
		{"ImageId":null,"Name":"only a name","Labels":null,"Size":null},
		{"ImageId":"a","Description":"","Labels":[],"Size":0,
			"GmtCreateTime":"2021-01-21T17:12:35.232Z\n","GmtModifiedTime":" "},
		{"ImageId":"b","Labels":[{"Key":"k","Value":"1"},{"Key":"k","Value":"2"},{"Key":"k"},{"Value":"v"}],"New":{"field":1}}
	]}`)})
	list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{})
	key := pointerTo("k")
	want := []pai.Image{
		{},
		{Name: pointerTo("only a name")},
		{ImageID: pointerTo("b"), Labels: []pai.Label{
			{Key: key, Value: pointerTo("1")}, {Key: key, Value: pointerTo("2")}, {Key: key}, {Value: pointerTo("v")},
		}},
		{
			ImageID: pointerTo("a"), Description: pointerTo(""), Labels: []pai.Label{}, Size: new(int64),
			GmtCreateTime: pointerTo("2021-01-21T17:12:35.232Z"), GmtModifiedTime: pointerTo(""),
		},
	}
	if diff := cmp.Diff(want, list.Images); diff != "" {
		t.Error(diff)
	}
	if list.Incomplete != nil {
		t.Errorf("incomplete: %+v", list.Incomplete)
	}
}

// TestStringsAreShared checks that a string is in memory only once, even if it occurs in many images and on several
// pages.
func TestStringsAreShared(t *testing.T) {
	t.Parallel()
	list := listImages(t, newClient(t, numberedSandbox(t, imageCount)), paiclient.ListImagesInput{Verbose: true})
	first, last := list.Images[0], list.Images[imageCount-1]
	for name, pair := range map[string][2]*string{
		"label key":              {first.Labels[0].Key, last.Labels[0].Key},
		"label value":            {first.Labels[0].Value, last.Labels[0].Value},
		"account":                {first.UserID, last.UserID},
		"account, in two fields": {first.UserID, first.ParentUserID},
	} {
		if *pair[0] != *pair[1] || pair[0] != pair[1] {
			t.Errorf("%s is in memory twice: %q, %q", name, *pair[0], *pair[1])
		}
	}
}

// TestDecodeStrings decodes strings in every notation of JSON. If the client trims a time, other fields that share its
// string must not change.
func TestDecodeStrings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ name, description, created, image string }{
		"plain": {"a", "a", "a", `"Name":"a","Description":"a","GmtCreateTime":"a"`},
		"escapes": {
			"aé\n\"", "🧪", "a", `"Name":"a\u00e9\n\"","Description":"\ud83e\uddea","GmtCreateTime":"\u0061"`,
		},
		"blanks":             {" t ", " t ", "t", `"Name":" t ","Description":" t ","GmtCreateTime":" t "`},
		"blanks, time first": {" t ", "t", "t", `"GmtCreateTime":" t ","Name":" t ","Description":"t"`},
		"lower-case names":   {"a", "b", "c", `"name":"a","description":"b","gmtcreatetime":"c"`},
		"duplicate name":     {"b", "", "", `"Name":"a","Name":"b","Description":"","GmtCreateTime":""`},
		"invalid UTF-8": {
			"a\ufffdb", "\ufffd\n", "", `"Name":"` + "a\xffb" + `","Description":"` + "\xff\\n" + `","GmtCreateTime":""`,
		},
		"unpaired surrogate": {"\ufffd", "", "", `"Name":"\ud83e","Description":"","GmtCreateTime":""`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := startSandbox(t, paisandbox.Options{})
			body := `{"TotalCount":1,"Images":[{"ImageId":"image-1",` + test.image + `}]}`
			sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, body)})
			image := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{}).Images[0]
			want := []string{test.name, test.description, test.created}
			got := []string{*image.Name, *image.Description, *image.GmtCreateTime}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestErrorCodesWithStatus200 checks that a body with an error code causes an APIError, whatever its other fields.
// Codes that mean success have no effect.
func TestErrorCodesWithStatus200(t *testing.T) {
	t.Parallel()
	list, image := `"TotalCount":1,"Images":[{"ImageId":"image-1"}]`, `"Name":"a","WorkspaceId":"1"`
	for code, want := range map[string]string{
		`"Forbidden.RAM"`: "Forbidden.RAM", `"201300042"`: "201300042", `201300042`: "201300042", `404`: "404", `0`: "0",
		`"OK"`: "", `"ok"`: "", `"Success"`: "", `"SUCCESS"`: "", `"200"`: "", `200`: "", `""`: "", `" "`: "", `null`: "",
	} {
		others := []string{list + "," + image}
		if want != "" {
			others = append(others,
				`"TotalCount":0`, `"TotalCount":0,"Images":[]`, `"Images":"none","Labels":{}`, `"UserId":"1"`)
		}
		for _, other := range others {
			sandbox := numberedSandbox(t, 3, paisandbox.Fault{
				Do: paisandbox.Body(200, `{"RequestId":"R-1","code":`+code+`,"Message":"denied",`+other+`}`),
			})
			client := newClient(t, sandbox)
			_, listErr := client.ListImages(t.Context(), paiclient.ListImagesInput{})
			_, getErr := client.GetImage(t.Context(), "image-1", true)
			for action, err := range map[string]error{"ListImages": listErr, "GetImage": getErr} {
				apiErr, ok := errors.AsType[*paiclient.APIError](err)
				switch {
				case want == "" && err != nil:
					t.Errorf("%s, code %s: got %v", action, code, err)
				case want != "" && (!ok || apiErr.Code != want || apiErr.Message != "denied" || apiErr.RequestID != "R-1"):
					t.Errorf("%s, code %s with %s: got %v, want code %s", action, code, other, err, want)
				}
			}
		}
	}
}

// TestIgnoredValues checks that a list and an image with values of a wrong type are read, and that OnAttempt gets each
// such value once, although a list of several pages is read twice.
func TestIgnoredValues(t *testing.T) {
	t.Parallel()
	page1 := `{"TotalCount":"4","Images":[{"ImageId":7,"Size":9.5,"Labels":{}},{"ImageId":"b","Size":"9"}]}`
	page2 := `{"TotalCount":4.0,"Images":[{"ImageId":"d"},{"ImageId":"c","Size":1e10,"UserId":["LTAI5tExampleExample, ` +
		strings.Repeat("x", 90) + `"]}]}`
	sandbox := startSandbox(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(1), Do: paisandbox.Body(200, page1)})
	sandbox.AddFault(paisandbox.Fault{Match: paisandbox.OnPage(2), Do: paisandbox.Body(200, page2)})
	sandbox.AddFault(paisandbox.Fault{
		Match: paisandbox.OnQuery("PageNumber", ""),
		Do:    paisandbox.Body(200, `{"Name":"a","Size":"big","WorkspaceId":20455}`),
	})
	var ignored []paiclient.IgnoredValue
	client := newClient(t, sandbox, sequential, func(o *paiclient.Options) {
		o.OnAttempt = func(_ context.Context, attempt paiclient.Attempt) { ignored = append(ignored, attempt.Ignored...) }
	})
	list := listImages(t, client, paiclient.ListImagesInput{Verbose: true, PageSize: 2})
	if list.Incomplete != nil || *list.TotalCount != 4 || listRequests(sandbox) != 4 {
		t.Errorf("total count %d after %d requests, incomplete: %+v",
			*list.TotalCount, listRequests(sandbox), list.Incomplete)
	}
	sizes := make(map[string]int64)
	for _, image := range list.Images {
		if image.Size != nil {
			sizes[*image.ImageID] = *image.Size
		}
	}
	if diff := cmp.Diff(map[string]int64{"b": 9, "c": 10_000_000_000}, sizes); diff != "" {
		t.Error(diff)
	}
	image, err := client.GetImage(t.Context(), "image-1", true)
	if err != nil || image.Size != nil || *image.WorkspaceID != "20455" {
		t.Errorf("got %+v, %v", image, err)
	}
	want := []paiclient.IgnoredValue{
		{Field: "Images.Size", ItemID: "7", Value: "9.5"},
		{Field: "Images.Labels", ItemID: "7", Value: "{}"},
		{Field: "Images.UserId", ItemID: "c", Value: `["(redacted), ` + strings.Repeat("x", 46) + "…"},
		{Field: "Size", ItemID: "image-1", Value: `"big"`},
	}
	if diff := cmp.Diff(want, ignored); diff != "" {
		t.Error(diff)
	}
}

// slowBody is the body of a response whose end comes late.
type slowBody struct {
	io.Reader
	delay time.Duration
}

func (b *slowBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		time.Sleep(b.delay)
	}
	return n, err
}

func (*slowBody) Close() error { return nil }

// TestOneLargeLookup checks that a lookup with a long body waits while another such lookup runs, that small lookups
// don't wait, and that the end of the context ends the wait.
func TestOneLargeLookup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bodies := map[string]string{
			"short": oneImage, "long": `{"TotalCount":1,"Images":[{"Name":"` + strings.Repeat("x", 3<<19) + `"}]}`,
		}
		transport := &fakeTransport{respond: func(_ int, request *http.Request) *http.Response {
			delay, err := time.ParseDuration(strings.TrimSuffix(request.URL.Host, ".example.com"))
			if err != nil {
				t.Error(err)
			}
			response := cannedResponse(http.StatusOK, "")
			response.ContentLength = -1
			response.Body = &slowBody{strings.NewReader(bodies[request.URL.Query().Get("Name")]), delay}
			return response
		}}
		at := newRegions(t, transport, paiclient.Options{MaxConcurrency: 8})
		begin := time.Now()
		var group sync.WaitGroup
		lookup := func(name, delay string, timeout, want time.Duration, wantErr error) {
			group.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				_, err := at(delay+".example.com").ListImages(ctx, paiclient.ListImagesInput{Name: name})
				if took := time.Since(begin); took != want || !errors.Is(err, wantErr) {
					t.Errorf("%s, %s: got %v after %s, want %v after %s", name, delay, err, took, wantErr, want)
				}
			})
		}
		lookup("long", "10s", time.Hour, 10*time.Second, nil)
		time.Sleep(2 * time.Second)
		lookup("long", "1s", time.Hour, 11*time.Second, nil) // sends its request again after the first lookup
		lookup("long", "2s", 4*time.Second, 6*time.Second, context.DeadlineExceeded)
		lookup("short", "3s", time.Hour, 5*time.Second, nil)
		group.Wait()
	})
}

// TestResponseOfAnotherItem checks that the client refuses an image or a workspace with another ID than the requested
// one. The response may omit the ID, or have it as a number.
func TestResponseOfAnotherItem(t *testing.T) {
	t.Parallel()
	for id, wantErr := range map[string]bool{
		`"other"`: true, `7`: true, `"42"`: false, `42`: false, `""`: false, `null`: false,
	} {
		client, _ := newCannedClient(t, 200,
			`{"ImageId":`+id+`,"WorkspaceId":`+id+`,"Name":"x","WorkspaceName":"x"}`)
		_, imageErr := client.GetImage(t.Context(), "42", true)
		_, workspaceErr := client.GetWorkspace(t.Context(), "42")
		for action, err := range map[string]error{"GetImage": imageErr, "GetWorkspace": workspaceErr} {
			if _, ok := errors.AsType[*paiclient.ResponseError](err); ok != wantErr || !wantErr && err != nil {
				t.Errorf("%s, ID %s: got error %v, want one: %t", action, id, err, wantErr)
			}
		}
	}
}
