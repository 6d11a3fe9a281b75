package paiclient_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestConcurrencyLimitIsShared checks that all calls of one client together respect MaxConcurrency.
func TestConcurrencyLimitIsShared(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, 200, paisandbox.Fault{Do: paisandbox.Delay(5 * time.Millisecond)})
	client := newClient(t, sandbox, func(o *paiclient.Options) { o.MaxConcurrency = 3 })
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 50}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if peak := sandbox.PeakRequests(); peak != 3 {
		t.Errorf("got %d requests at once, want 3", peak)
	}
}

// TestTLS checks that a client uses HTTP/2 on a single connection. It also checks that an untrusted certificate causes
// an error without a retry.
func TestTLS(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{TLS: true, Catalogue: paisandbox.Numbered(imageCount)})
	list := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{})
	if len(list.Images) != imageCount {
		t.Errorf("got %d images, want %d", len(list.Images), imageCount)
	}
	connections := make(map[string]bool)
	for _, request := range sandbox.Requests() {
		connections[request.RemoteAddr] = true
		if request.Proto != "HTTP/2.0" {
			t.Errorf("got %s, want HTTP/2.0", request.Proto)
		}
	}
	if len(connections) != 1 {
		t.Errorf("got %d connections, want 1", len(connections))
	}

	client := newClient(t, sandbox, func(o *paiclient.Options) { o.RootCAs = x509.NewCertPool() })
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	var unconnected *paiclient.ConnectError
	var untrusted *tls.CertificateVerificationError
	if !errors.As(err, &unconnected) || unconnected.Attempts != 1 || !errors.As(err, &untrusted) {
		t.Errorf("got %v, want a certificate error after one attempt", err)
	}
}

// TestOldTLSIsRejected checks that the client sends no request to a server that doesn't support TLS 1.2.
func TestOldTLSIsRejected(t *testing.T) {
	t.Parallel()
	requested := false
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requested = true }))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11} //nolint:gosec // must be rejected
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	client := newClientAt(t, startSandbox(t, paisandbox.Options{}), server.URL, func(o *paiclient.Options) {
		o.MaxRetries, o.RootCAs = 0, x509.NewCertPool()
		o.RootCAs.AddCert(server.Certificate())
	})
	_, err := client.ListImages(t.Context(), paiclient.ListImagesInput{})
	if err == nil || !strings.Contains(err.Error(), "protocol version") || requested {
		t.Errorf("got %v", err)
	}
}

// TestHeaders checks that all requests have the same headers but different nonces, and that requests reuse connections.
func TestHeaders(t *testing.T) {
	t.Parallel()
	sandbox := numberedSandbox(t, imageCount)
	client := newClient(t, sandbox, func(o *paiclient.Options) { o.UserAgent = "Terraform/1.2 test/3" })
	listImages(t, client, paiclient.ListImagesInput{PageSize: 20})
	nonces, connections := make(map[string]bool), make(map[string]bool)
	for _, request := range sandbox.Requests() {
		connections[request.RemoteAddr] = true
		nonces[request.Header.Get("x-acs-signature-nonce")] = true
		for name, want := range map[string]string{
			"User-Agent": "Terraform/1.2 test/3", "x-acs-version": "2021-02-04", "x-acs-action": "ListImages",
			"Accept-Encoding": "gzip",
		} {
			if got := request.Header.Get(name); got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
	// The limit is not MaxConcurrency: the transport may open a connection even if another one becomes idle meanwhile.
	if len(connections) > len(sandbox.Requests())/2 {
		t.Errorf("%d connections for %d requests", len(connections), len(sandbox.Requests()))
	}
	if len(nonces) != len(sandbox.Requests()) {
		t.Errorf("%d nonces for %d requests", len(nonces), len(sandbox.Requests()))
	}
}

// TestBodiesAreReadToTheEnd checks that a connection is reused after a response whose body continues after its JSON.
func TestBodiesAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	blanks := make([]byte, 300_000) // random, so that the body is still long after compression
	for i := range blanks {
		blanks[i] = " \t\r\n"[rand.IntN(4)]
	}
	sandbox := startSandbox(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":0,"Images":[]}`+string(blanks))})
	client := newClient(t, sandbox, sequential)
	for range 5 {
		listImages(t, client, paiclient.ListImagesInput{})
	}
	for i, request := range sandbox.Requests()[1:] {
		if !request.Reused {
			t.Errorf("request %d used a new connection", i+2)
		}
	}
}

// TestGetImage checks that GetImage returns the same images as ListImages. It also checks the errors for images that
// don't exist, for invalid IDs, and for a response without an image.
func TestGetImage(t *testing.T) {
	t.Parallel()
	images := append(paisandbox.OddImages(), paisandbox.Numbered(1)[0].With(func(i *paisandbox.Image) {
		i.ImageID = paisandbox.Value("image/1?x=%2F&ü") // needs escapes in a path
	}))
	sandbox := startSandbox(t, paisandbox.Options{Catalogue: images})
	client := newClient(t, sandbox)
	for _, want := range listImages(t, client, paiclient.ListImagesInput{Verbose: true}).Images {
		if want.ImageURI == nil {
			continue // this image has only an ID, and the response to GetImage omits the ID
		}
		got, err := client.GetImage(t.Context(), *want.ImageID, true)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Error(diff)
		}
	}
	_, err := client.GetImage(t.Context(), "image/?none", false)
	var apiErr *paiclient.APIError
	if !errors.As(err, &apiErr) || apiErr.Kind != paiclient.KindNotFound || apiErr.Action != "GetImage" {
		t.Errorf("got %v, want KindNotFound", err)
	}
	for _, id := range []string{"", " ", ".", "..", "a b", "a\n", "a\x00"} {
		if _, err := client.GetImage(t.Context(), id, false); err == nil {
			t.Errorf("image ID %q: no error", id)
		}
	}
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"RequestId":"R-1","TotalCount":0}`)})
	_, err = client.GetImage(t.Context(), "image-1", false)
	if response, ok := errors.AsType[*paiclient.ResponseError](err); !ok || response.RequestID != "R-1" {
		t.Errorf("response without an image: got %v, want a ResponseError", err)
	}
}

// TestVendorClientListsTheSame checks that the vendor's generic client and this client return the same images. It finds
// errors that this client and the sandbox have in common.
func TestVendorClientListsTheSame(t *testing.T) {
	t.Parallel()
	sandbox := startSandbox(t, paisandbox.Options{})
	vendor, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(strings.TrimPrefix(sandbox.URL(), "http://")),
		Protocol:        dara.String("http"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var want []pai.Image
	for number, total := 1, 1; len(want) < total; number++ {
		response, err := vendor.CallApi(&openapi.Params{
			Action: dara.String("ListImages"), Version: dara.String("2021-02-04"), Pathname: dara.String("/api/v1/images"),
			Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
			Protocol: dara.String("HTTP"), ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
		}, &openapi.OpenApiRequest{Query: map[string]*string{
			"PageNumber": dara.String(strconv.Itoa(number)), "PageSize": dara.String("50"), "Verbose": dara.String("true"),
			"Labels": dara.String("system.official=true"),
		}}, &dara.RuntimeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			TotalCount int
			Images     []pai.Image
		}
		if err := json.Unmarshal([]byte(marshalJSON(t, response["body"])), &page); err != nil {
			t.Fatal(err)
		}
		total = page.TotalCount
		want = append(want, page.Images...)
	}
	byID := func(a, b pai.Image) int { return strings.Compare(*a.ImageID, *b.ImageID) }
	slices.SortFunc(want, byID)

	got := listImages(t, newClient(t, sandbox), paiclient.ListImagesInput{
		Labels: map[string]string{"system.official": "true"}, Verbose: true,
	}).Images
	slices.SortFunc(got, byID)
	if len(got) < 100 {
		t.Errorf("got only %d images", len(got))
	}
	// The sandbox sends one creation time with a line end. This client removes the line end, and the vendor's doesn't.
	if diff := cmp.Diff(want, got, cmp.Transformer("trim", strings.TrimSpace)); diff != "" {
		t.Error(diff)
	}
}
