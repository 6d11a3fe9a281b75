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
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestConcurrencyIsOfAllCallsTogether lists many times at once.
func TestConcurrencyIsOfAllCallsTogether(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(200)})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Delay(5_000_000)})
	client := connect(t, sandbox, func(o *paiclient.Options) { o.MaxConcurrency = 3 })
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 20}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if peak := sandbox.PeakRequests(); peak != 3 {
		t.Errorf("%d requests were under way at once instead of 3", peak)
	}
}

// TestTLS: over TLS the client speaks HTTP/2, on one connection, to a server whose certificate it trusts.
func TestTLS(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{TLS: true, Catalogue: paisandbox.Numbered(numbered)})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if len(listing.Images) != numbered {
		t.Errorf("%d images", len(listing.Images))
	}
	connections := make(map[string]bool)
	for _, request := range sandbox.Requests() {
		connections[request.RemoteAddr] = true
		if request.Proto != "HTTP/2.0" {
			t.Errorf("spoke %s", request.Proto)
		}
	}
	if len(connections) != 1 {
		t.Errorf("%d connections instead of one", len(connections))
	}

	stranger := connect(t, sandbox, func(o *paiclient.Options) { o.RootCAs = x509.NewCertPool() })
	_, err = stranger.ListImages(t.Context(), paiclient.ListImagesInput{})
	var lost *paiclient.TransportError
	var untrusted *tls.CertificateVerificationError
	if !errors.As(err, &lost) || lost.Attempts != 1 || !errors.As(err, &untrusted) {
		t.Errorf("got %v", err)
	}
}

// TestOldTLSIsRefused: a server that speaks nothing later than TLS 1.1 gets no request.
func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	asked := false
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11} //nolint:gosec // what must be refused
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	endpoint, err := paiclient.ParseEndpoint(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := connect(t, start(t, paisandbox.Options{}), func(o *paiclient.Options) {
		o.Endpoint, o.MaxRetries, o.RootCAs = endpoint, 0, x509.NewCertPool()
		o.RootCAs.AddCert(server.Certificate())
	})
	_, err = client.ListImages(t.Context(), paiclient.ListImagesInput{})
	if err == nil || !strings.Contains(err.Error(), "protocol version") || asked {
		t.Errorf("got %v", err)
	}
}

// TestHeaders: who asks is named, and each request has a nonce of its own.
func TestHeaders(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	client := connect(t, sandbox, func(o *paiclient.Options) { o.UserAgent = "Terraform/1.2 test/3" })
	if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{PageSize: 20}); err != nil {
		t.Fatal(err)
	}
	nonces, connections := make(map[string]bool), make(map[string]bool)
	for _, request := range sandbox.Requests() {
		connections[request.RemoteAddr] = true
		nonces[request.Header.Get("x-acs-signature-nonce")] = true
		for name, want := range map[string]string{
			"User-Agent": "Terraform/1.2 test/3", "x-acs-version": "2021-02-04", "x-acs-action": "ListImages", "Accept-Encoding": "gzip",
		} {
			if got := request.Header.Get(name); got != want {
				t.Errorf("%s is %q instead of %q", name, got, want)
			}
		}
	}
	// The transport dials a few more than are used at once, where a connection comes free while it dials.
	if len(connections) > len(sandbox.Requests())/2 {
		t.Errorf("%d connections for %d requests: they are not kept", len(connections), len(sandbox.Requests()))
	}
	if len(nonces) != len(sandbox.Requests()) {
		t.Errorf("%d nonces for %d requests", len(nonces), len(sandbox.Requests()))
	}
}

// TestAnswersAreReadToTheEnd: one that goes on after the JSON leaves its connection fit for the next request.
func TestAnswersAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	blank := make([]byte, 300_000) // that doesn't compress to nothing
	for i := range blank {
		blank[i] = " \t\r\n"[rand.IntN(4)]
	}
	sandbox := start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":0,"Images":[]}`+string(blank))})
	client := connect(t, sandbox, oneAtATime)
	for range 5 {
		if _, err := client.ListImages(t.Context(), paiclient.ListImagesInput{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, request := range sandbox.Requests()[1:] {
		if !request.Reused {
			t.Error("a new connection was made")
		}
	}
}

func TestGetImage(t *testing.T) {
	t.Parallel()
	images := append(paisandbox.OddImages(), paisandbox.Numbered(1)[0].With(func(i *paisandbox.Image) {
		i.ImageID = paisandbox.Value("image/1?x=%2F&ü") // to be escaped in a path
	}))
	sandbox := start(t, paisandbox.Options{Catalogue: images})
	client := connect(t, sandbox)
	listing, err := client.ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range listing.Images {
		if want.ImageURI == nil {
			continue // nothing is known of it but its id, which the answer leaves out
		}
		got, err := client.GetImage(t.Context(), *want.ImageID, true)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&want, got); diff != "" {
			t.Error(diff)
		}
	}
	_, err = client.GetImage(t.Context(), "image/?none", false)
	var missing *paiclient.APIError
	if !errors.As(err, &missing) || missing.Kind != paiclient.KindNotFound || missing.Action != "GetImage" {
		t.Errorf("got %v", err)
	}
	for _, id := range []string{"", " ", ".", "..", "a b", "a\n", "a\x00"} {
		if _, err := client.GetImage(t.Context(), id, false); err == nil {
			t.Errorf("%q was taken", id)
		}
	}
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"RequestId":"R-1","Code":"Oops","Message":"no image today"}`)})
	if _, err = client.GetImage(t.Context(), "image-1", false); err == nil || !strings.Contains(err.Error(), "no image today") {
		t.Errorf("an answer without an image gives %v", err)
	}
}
