package paiclient_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestVendorsClientFindsTheSame lists the sandbox with the vendor's own generic client, page after page: what ours
// finds is not an agreement between two halves of one house.
func TestVendorsClientFindsTheSame(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{})
	vendor, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(strings.TrimPrefix(sandbox.URL(), "http://")),
		Protocol:        dara.String("http"),
	})
	if err != nil {
		t.Fatal(err)
	}
	var theirs []pai.Image
	for number, total := 1, 1; len(theirs) < total; number++ {
		answer, err := vendor.CallApi(&openapi.Params{
			Action: dara.String("ListImages"), Version: dara.String("2021-02-04"), Pathname: dara.String("/api/v1/images"),
			Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
			Protocol: dara.String("HTTP"), ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
		}, &openapi.OpenApiRequest{Query: map[string]*string{
			"PageNumber": dara.String(fmt.Sprint(number)), "PageSize": dara.String("50"), "Verbose": dara.String("true"),
			"Labels": dara.String("system.official=true"),
		}}, &dara.RuntimeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		encoded, err := json.Marshal(answer["body"])
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			TotalCount int
			Images     []pai.Image
		}
		if err := json.Unmarshal(encoded, &page); err != nil {
			t.Fatal(err)
		}
		total = page.TotalCount
		theirs = append(theirs, page.Images...)
	}
	slices.SortFunc(theirs, func(a, b pai.Image) int { return strings.Compare(*a.ImageID, *b.ImageID) })

	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{
		Labels: map[string]string{"system.official": "true"}, Verbose: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ours := slices.Clone(listing.Images)
	slices.SortFunc(ours, func(a, b pai.Image) int { return strings.Compare(*a.ImageID, *b.ImageID) })
	if len(ours) < 100 {
		t.Errorf("only %d images", len(ours))
	}
	// The sandbox sends one creation time with a line end, which ours takes off.
	if diff := cmp.Diff(theirs, ours, cmp.Transformer("trim", strings.TrimSpace)); diff != "" {
		t.Error(diff)
	}
}
