package paiclient_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

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
