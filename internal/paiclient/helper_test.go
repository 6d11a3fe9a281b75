package paiclient_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// startSandbox starts a sandbox that is closed when the test ends.
func startSandbox(t *testing.T, options paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	return sandbox
}

// numberedSandbox starts a sandbox with so many numbered images and these faults.
func numberedSandbox(t *testing.T, images int, faults ...paisandbox.Fault) *paisandbox.Sandbox {
	t.Helper()
	sandbox := startSandbox(t, paisandbox.Options{Catalogue: paisandbox.Numbered(images)[:images:images]})
	for _, fault := range faults {
		sandbox.AddFault(fault)
	}
	return sandbox
}

// newClient returns a client of the sandbox that waits very little between attempts.
func newClient(
	t *testing.T, sandbox *paisandbox.Sandbox, changes ...func(*paiclient.Options),
) *paiclient.Client {
	t.Helper()
	endpoint, err := paiclient.ParseEndpoint(sandbox.URL())
	if err != nil {
		t.Fatal(err)
	}
	options := paiclient.Options{
		Endpoint: endpoint, Credentials: sandboxCredentials, UserAgent: "test",
		MaxRetries:     paiclient.DefaultMaxRetries,
		RequestTimeout: paiclient.DefaultRequestTimeout,
		MaxConcurrency: paiclient.DefaultMaxConcurrency,
	}
	if certificate := sandbox.CertificatePEM(); len(certificate) > 0 {
		options.RootCAs = x509.NewCertPool()
		options.RootCAs.AppendCertsFromPEM(certificate)
	}
	for _, change := range changes {
		change(&options)
	}
	client, err := paiclient.New(options)
	if err != nil {
		t.Fatal(err)
	}
	client.SetRetryWait(time.Millisecond, 2*time.Millisecond)
	return client
}

var sandboxCredentials = paiclient.StaticCredentials{
	AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret,
}

// sequential allows one request at a time, so that pages are requested in their order.
func sequential(options *paiclient.Options) { options.MaxConcurrency = 1 }

func listImages(t *testing.T, client *paiclient.Client, in paiclient.ListImagesInput) *paiclient.ImageList {
	t.Helper()
	list, err := client.ListImages(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// imageIDs returns the IDs of a list in its order.
func imageIDs(list *paiclient.ImageList) []string {
	ids := make([]string, len(list.Images))
	for i, image := range list.Images {
		ids[i] = *image.ImageID
	}
	return ids
}

// ascendingIDs returns the IDs of a catalogue in ascending order. It sorts strings, because the sandbox formats all
// times alike: the client's own comparison is what the tests check.
func ascendingIDs(images []paisandbox.Image) []string {
	keys := make([]string, len(images))
	for i, image := range images {
		keys[i] = image.GmtCreateTime.Or("") + " " + image.ImageID.Or("")
	}
	slices.Sort(keys)
	for i := range keys {
		_, keys[i], _ = strings.Cut(keys[i], " ")
	}
	return keys
}

// listRequests returns the number of ListImages requests that the sandbox received.
func listRequests(sandbox *paisandbox.Sandbox) int {
	count := 0
	for _, request := range sandbox.Requests() {
		if request.Action == "ListImages" {
			count++
		}
	}
	return count
}

func withTimeout(t *testing.T, timeout time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	t.Cleanup(cancel)
	return ctx
}

// fakeTransport responds without a network, for fuzzing and for tests with a synthetic clock.
type fakeTransport struct {
	// respond is called with 1 for the first request. If it returns nil, there is no response.
	respond func(number int, request *http.Request) *http.Response

	mu       sync.Mutex
	requests []*http.Request
	sentAt   []time.Time
}

func (f *fakeTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	f.mu.Lock()
	f.requests = append(f.requests, request)
	f.sentAt = append(f.sentAt, time.Now())
	number := len(f.requests)
	f.mu.Unlock()
	response := f.respond(number, request)
	if response == nil {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	response.Request = request
	return response, nil
}

// cannedResponse returns a response. The header is a list of names and values.
func cannedResponse(status int, body string, header ...string) *http.Response {
	response := &http.Response{
		StatusCode: status, Header: http.Header{}, ContentLength: int64(len(body)),
		Body: io.NopCloser(bytes.NewReader([]byte(body))),
	}
	for pair := range slices.Chunk(header, 2) {
		response.Header.Set(pair[0], pair[1])
	}
	return response
}

// oneImage is the body of a list of one image.
const oneImage = `{"TotalCount":1,"Images":[{"ImageId":"image-1"}]}`

// throttledThenImages responds to the first requests with throttling, and to the others with one image.
func throttledThenImages(throttled int, header ...string) *fakeTransport {
	return &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
		if number <= throttled {
			return cannedResponse(http.StatusBadRequest, `{"Code":"Throttling.User","Message":"slow down"}`, header...)
		}
		return cannedResponse(http.StatusOK, oneImage)
	}}
}

// newFakeClient returns a client with the default options that uses the transport.
func newFakeClient(
	t *testing.T, transport http.RoundTripper, changes ...func(*paiclient.Options),
) *paiclient.Client {
	t.Helper()
	options := paiclient.Options{
		Endpoint: &url.URL{Scheme: "https", Host: "api.example.com"}, Credentials: sandboxCredentials,
		MaxRetries:     paiclient.DefaultMaxRetries,
		RequestTimeout: paiclient.DefaultRequestTimeout,
		MaxConcurrency: paiclient.DefaultMaxConcurrency,
	}
	for _, change := range changes {
		change(&options)
	}
	client, err := paiclient.New(options)
	if err != nil {
		t.Fatal(err)
	}
	client.SetTransport(transport)
	return client
}
