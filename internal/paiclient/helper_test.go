package paiclient_test

import (
	"context"
	"crypto/x509"
	"slices"
	"strings"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// start runs a sandbox for the length of a test.
func start(t *testing.T, options paisandbox.Options) *paisandbox.Sandbox {
	t.Helper()
	sandbox, err := paisandbox.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sandbox.Close() })
	return sandbox
}

// connect makes a client of the sandbox that hardly waits between attempts.
func connect(t *testing.T, sandbox *paisandbox.Sandbox, changes ...func(*paiclient.Options)) *paiclient.Client {
	t.Helper()
	endpoint, err := paiclient.ParseEndpoint(sandbox.URL())
	if err != nil {
		t.Fatal(err)
	}
	options := paiclient.Options{
		Endpoint: endpoint,
		Credentials: paiclient.StaticCredentials{
			AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret,
		},
		UserAgent:      "test",
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
	client.WaitBetween(time.Millisecond, 2*time.Millisecond)
	return client
}

// oneAtATime makes the order of requests the order of pages.
func oneAtATime(options *paiclient.Options) { options.MaxConcurrency = 1 }

// idsOf are the ids of a listing, in its order.
func idsOf(listing *paiclient.ImageList) []string {
	ids := make([]string, len(listing.Images))
	for i, image := range listing.Images {
		ids[i] = *image.ImageID
	}
	return ids
}

// oldestFirst are the ids of a catalogue in the order that ASC means. It sorts text, since the sandbox writes all its
// times in one form: the client's own comparison is not trusted here.
func oldestFirst(images []paisandbox.Image) []string {
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

// pagesAsked counts the ListImages requests that reached the sandbox.
func pagesAsked(sandbox *paisandbox.Sandbox) int {
	return len(slices.DeleteFunc(sandbox.Requests(), func(r paisandbox.Request) bool { return r.Action != "ListImages" }))
}

// within is a context that ends after so long.
func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}
