package measure

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/tools/bench/report"
)

// listings is goal 3: how many delays a listing takes where every request takes one. The least for two passes is three: the
// first page says how many there are, then come the others at once, then the second pass at once.
func (b *Bench) listings(ctx context.Context) (Findings, error) {
	var found Findings
	delay := report.Of(report.Seconds, b.Effort.Delay.Seconds())
	line := func(topic report.Topic, what string, took report.Sample, goal *report.Goal) {
		found.add(report.Line{
			Row: 3, Topic: topic, What: with(what, b.Effort.Listed), Ours: took, Other: delay, Against: "a request", Goal: b.goal(goal),
		}.Units(b.Effort.Delay.Seconds(), "delays"))
	}
	plain, err := b.slowSandbox(ctx, paisandbox.Options{Catalogue: catalogue(b.Effort.Listed)})
	if err != nil {
		return found, err
	}
	defer func() { _ = plain.Close() }()
	secure, err := b.slowSandbox(ctx, paisandbox.Options{Catalogue: catalogue(b.Effort.Listed), TLS: true})
	if err != nil {
		return found, err
	}
	defer func() { _ = secure.Close() }()

	ours, err := interleave(ctx, report.Seconds, b.Effort.Listings,
		b.list(plain, concurrency), b.list(secure, concurrency), b.list(plain, paiclient.DefaultMaxConcurrency))
	if err != nil {
		return found, err
	}
	for _, request := range secure.Requests() {
		if request.Proto != "HTTP/2.0" {
			return found, fmt.Errorf("over TLS the client spoke %s", request.Proto)
		}
	}
	line(report.Listing, fmt.Sprintf("ours, %d requests at once", concurrency), ours[0], report.AtMost(3.5))
	line(report.ListingOverTLS, fmt.Sprintf("ours, %d at once, TLS and HTTP/2", concurrency), ours[1], report.AtMost(3.5))
	line(report.ListingByDefault, fmt.Sprintf("ours, the default of %d at once", paiclient.DefaultMaxConcurrency), ours[2], report.AtMost(7.5))

	vendors := report.Sample{Unit: report.Seconds}
	for range b.Effort.SlowListings {
		begun := time.Now()
		if err := listWithVendor(plain, b.Effort.Listed); err != nil {
			return found, err
		}
		vendors.Values = append(vendors.Values, time.Since(begun).Seconds())
	}
	line(0, "the vendor's client, page after page, one pass", vendors, nil)
	line(0, "the least for two passes", report.Of(report.Seconds, 3*b.Effort.Delay.Seconds()), nil)
	return found, nil
}

// slowSandbox is a sandbox in which every request takes the delay.
func (b *Bench) slowSandbox(ctx context.Context, options paisandbox.Options) (*paisandbox.Sandbox, error) {
	sandbox, err := paisandbox.Start(ctx, options)
	if err == nil {
		sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Delay(b.Effort.Delay)})
	}
	return sandbox, err
}

// list times a listing by a client that is new each time, so connections are made within it.
func (b *Bench) list(sandbox *paisandbox.Sandbox, atOnce int) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		endpoint, err := paiclient.ParseEndpoint(sandbox.URL())
		if err != nil {
			return 0, err
		}
		options := paiclient.Options{
			Endpoint: endpoint,
			Credentials: paiclient.StaticCredentials{
				AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret,
			},
			UserAgent:      "bench",
			RequestTimeout: paiclient.DefaultRequestTimeout,
			MaxConcurrency: atOnce,
		}
		if certificate := sandbox.CertificatePEM(); len(certificate) > 0 {
			options.RootCAs = x509.NewCertPool()
			options.RootCAs.AppendCertsFromPEM(certificate)
		}
		begun := time.Now()
		client, err := paiclient.New(options)
		if err != nil {
			return 0, err
		}
		listing, err := client.ListImages(ctx, paiclient.ListImagesInput{Verbose: true})
		took := time.Since(begun).Seconds()
		if err == nil && (len(listing.Images) != b.Effort.Listed || listing.Incomplete != nil) {
			err = fmt.Errorf("the listing has %d of %d images", len(listing.Images), b.Effort.Listed)
		}
		return took, err
	}
}
