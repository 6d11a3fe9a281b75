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

// startSandbox starts a sandbox and closes it when the test ends.
func startSandbox(t *testing.T, options paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	return sandbox
}

// numberedSandbox starts a sandbox with the given number of images and the given faults.
func numberedSandbox(t *testing.T, images int, faults ...paisandbox.Fault) *paisandbox.Sandbox {
	t.Helper()
	sandbox := startSandbox(t, paisandbox.Options{Catalogue: paisandbox.Numbered(images)[:images:images]})
	for _, fault := range faults {
		sandbox.AddFault(fault)
	}
	return sandbox
}

// newService returns a service and stops the test if there is an error.
func newService(t *testing.T, options paiclient.Options) *paiclient.Service {
	t.Helper()
	service, err := paiclient.NewService(options)
	if err != nil {
		t.Fatal(err)
	}
	return service
}

// parseEndpoint parses an endpoint and stops the test if there is an error.
func parseEndpoint(t *testing.T, endpoint string) *url.URL {
	t.Helper()
	parsed, err := paiclient.ParseEndpoint(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// newClient returns a client for the sandbox. The client waits only a few milliseconds between attempts.
func newClient(
	t *testing.T, sandbox *paisandbox.Sandbox, changes ...func(*paiclient.Options),
) *paiclient.Client {
	t.Helper()
	return newClientAt(t, sandbox, sandbox.URL(), changes...)
}

// newClientAt returns a client like newClient for another endpoint. It trusts only the sandbox's certificate.
func newClientAt(
	t *testing.T, sandbox *paisandbox.Sandbox, endpoint string, changes ...func(*paiclient.Options),
) *paiclient.Client {
	t.Helper()
	options := paiclient.Options{
		Credentials: sandboxCredentials, UserAgent: "test",
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
	client := newService(t, options).Client(parseEndpoint(t, endpoint))
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

// imageIDs returns the IDs of the images in the order of the list.
func imageIDs(list *paiclient.ImageList) []string {
	ids := make([]string, len(list.Images))
	for i, image := range list.Images {
		ids[i] = *image.ImageID
	}
	return ids
}

// ascendingIDs returns the IDs of the images, ordered by creation time and then by ID. It doesn't use the client's
// comparison, because the tests check that comparison. Comparing strings is sufficient, because all times have the same
// format.
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

// withCancelAfter returns a context without a deadline, which is cancelled after the duration.
func withCancelAfter(t *testing.T, after time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(after, cancel)
	return ctx
}

// fakeTransport returns responses without a network. It is used for fuzzing and for tests with a synthetic clock.
type fakeTransport struct {
	// respond returns the response, or nil to wait until the request's context ends. The first request is number 1.
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

// cannedResponse returns a response. The parameter header contains pairs of a name and a value.
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

// oneImage is the body of a list with one image.
const oneImage = `{"TotalCount":1,"Images":[{"ImageId":"image-1"}]}`

// throttledThenImages returns a transport that throttles the first requests. The parameter throttled is their number.
// To later requests, the transport responds with a list of one image.
func throttledThenImages(throttled int, header ...string) *fakeTransport {
	return &fakeTransport{respond: func(number int, _ *http.Request) *http.Response {
		if number <= throttled {
			return cannedResponse(http.StatusBadRequest, `{"Code":"Throttling.User","Message":"slow down"}`, header...)
		}
		return cannedResponse(http.StatusOK, oneImage)
	}}
}

// newFakeClient returns a client that sends its requests through transport. Its limits are the default values.
func newFakeClient(
	t *testing.T, transport http.RoundTripper, changes ...func(*paiclient.Options),
) *paiclient.Client {
	t.Helper()
	options := paiclient.Options{
		Credentials:    sandboxCredentials,
		MaxRetries:     paiclient.DefaultMaxRetries,
		RequestTimeout: paiclient.DefaultRequestTimeout,
		MaxConcurrency: paiclient.DefaultMaxConcurrency,
	}
	for _, change := range changes {
		change(&options)
	}
	client := newService(t, options).Client(&url.URL{Scheme: "https", Host: "api.example.com"})
	client.SetTransport(transport)
	return client
}
