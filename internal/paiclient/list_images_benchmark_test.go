package paiclient_test

import (
	"crypto/x509"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

const (
	slowImages = 2000
	slowDelay  = 200 * time.Millisecond
)

// BenchmarkListImages lists 2,000 images from a service that delays each response by 200 ms. The metric delays/op is
// the duration of ListImages divided by this delay. Two passes take at least three delays: one for the first page, one
// for the other pages, which are requested concurrently, and one for the second pass.
//
// For comparison, it also lists them with the vendor's generic client, which requests one page after another, as in the
// vendor's examples, and makes one pass.
func BenchmarkListImages(b *testing.B) {
	const pages = slowImages / paiclient.MaxPageSize
	for _, bb := range []struct {
		name     string
		tls      bool
		list     func(b *testing.B, sandbox *paisandbox.Sandbox) int
		requests int
		protocol string
	}{
		{"client=ours/concurrency=20", false, listWithConcurrency(20), 2 * pages, "HTTP/1.1"},
		{"client=ours/concurrency=20/tls", true, listWithConcurrency(20), 2 * pages, "HTTP/2.0"},
		{
			"client=ours/concurrency=default", false,
			listWithConcurrency(paiclient.DefaultMaxConcurrency), 2 * pages, "HTTP/1.1",
		},
		{"client=vendor", false, listWithVendor, pages, "HTTP/1.1"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			sandbox, err := paisandbox.Start(b.Context(), paisandbox.Options{
				Catalogue: paisandbox.Numbered(slowImages), TLS: bb.tls,
			})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = sandbox.Close() }()
			sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Delay(slowDelay)})
			for b.Loop() {
				if got := bb.list(b, sandbox); got != slowImages {
					b.Fatalf("listed %d images, want %d", got, slowImages)
				}
				if err := checkSlowRequests(sandbox.TakeRequests(), bb.requests, bb.protocol); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(slowDelay), "delays/op")
		})
	}
}

// checkSlowRequests returns an error if the requests have another number or protocol than wanted, or if a response was
// not delayed.
func checkSlowRequests(requests []paisandbox.Request, number int, protocol string) error {
	if got := len(requests); got != number {
		return fmt.Errorf("sent %d requests, want %d", got, number)
	}
	for _, request := range requests {
		if request.Proto != protocol {
			return fmt.Errorf("protocol %s, want %s", request.Proto, protocol)
		}
		if took := request.Ended.Sub(request.At); took < slowDelay {
			return fmt.Errorf("a response took %s, want at least %s", took, slowDelay)
		}
	}
	return nil
}

// TestCheckSlowRequests checks that checkSlowRequests refuses listings that BenchmarkListImages doesn't intend to
// measure.
func TestCheckSlowRequests(t *testing.T) {
	t.Parallel()
	slow := paisandbox.Request{Proto: "HTTP/1.1", Ended: time.Time{}.Add(slowDelay)}
	fast := paisandbox.Request{Proto: "HTTP/1.1", Ended: time.Time{}.Add(slowDelay / 2)}
	for name, test := range map[string]struct {
		requests []paisandbox.Request
		protocol string
		refuse   bool
	}{
		"as wanted":      {[]paisandbox.Request{slow, slow}, "HTTP/1.1", false},
		"a missing page": {[]paisandbox.Request{slow}, "HTTP/1.1", true},
		"no delay":       {[]paisandbox.Request{slow, fast}, "HTTP/1.1", true},
		"other protocol": {[]paisandbox.Request{slow, slow}, "HTTP/2.0", true},
	} {
		if err := checkSlowRequests(test.requests, 2, test.protocol); (err != nil) != test.refuse {
			t.Errorf("%s: got error %v, want one: %t", name, err, test.refuse)
		}
	}
}

// listWithConcurrency returns a function that lists all images with a new client, and returns their number. The
// duration therefore includes opening connections.
func listWithConcurrency(concurrency int) func(*testing.B, *paisandbox.Sandbox) int {
	return func(b *testing.B, sandbox *paisandbox.Sandbox) int {
		b.Helper()
		endpoint, err := paiclient.ParseEndpoint(sandbox.URL())
		if err != nil {
			b.Fatal(err)
		}
		options := paiclient.Options{
			Credentials: paiclient.StaticCredentials{
				AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret,
			},
			UserAgent:      "benchmark",
			RequestTimeout: paiclient.DefaultRequestTimeout,
			MaxConcurrency: concurrency,
		}
		if certificate := sandbox.CertificatePEM(); len(certificate) > 0 {
			options.RootCAs = x509.NewCertPool()
			options.RootCAs.AppendCertsFromPEM(certificate)
		}
		service, err := paiclient.NewService(options)
		if err != nil {
			b.Fatal(err)
		}
		listing, err := service.Client(endpoint).ListImages(b.Context(), paiclient.ListImagesInput{Verbose: true})
		if err != nil {
			b.Fatal(err)
		}
		return len(listing.Images)
	}
}

// listWithVendor lists all images with the vendor's generic client, which decodes images as maps. It returns their
// number.
func listWithVendor(b *testing.B, sandbox *paisandbox.Sandbox) int {
	b.Helper()
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(strings.TrimPrefix(sandbox.URL(), "http://")),
		Protocol:        dara.String("http"),
	})
	if err != nil {
		b.Fatal(err)
	}
	params := &openapi.Params{
		Action: dara.String("ListImages"), Version: dara.String("2021-02-04"), Pathname: dara.String("/api/v1/images"),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
		Protocol: dara.String("HTTP"), ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
	}
	listed := 0
	for page := 1; listed < slowImages; page++ {
		response, err := client.CallApi(params, &openapi.OpenApiRequest{Query: map[string]*string{
			"PageNumber": dara.String(strconv.Itoa(page)), "PageSize": dara.String(fmt.Sprint(paiclient.MaxPageSize)),
			"Verbose": dara.String("true"),
		}}, &dara.RuntimeOptions{})
		if err != nil {
			b.Fatal(err)
		}
		body, _ := response["body"].(map[string]any)
		images, _ := body["Images"].([]any)
		if len(images) == 0 {
			b.Fatalf("page %d has no images", page)
		}
		listed += len(images)
	}
	return listed
}
