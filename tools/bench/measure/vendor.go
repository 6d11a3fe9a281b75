package measure

import (
	"fmt"
	"strconv"
	"strings"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// listWithVendor lists all images with the vendor's generic client, as its examples do: one page after the other. It leaves the
// images as the maps that they come as.
func listWithVendor(sandbox *paisandbox.Sandbox, images int) error {
	client, err := openapi.NewClient(&openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(strings.TrimPrefix(sandbox.URL(), "http://")),
		Protocol:        dara.String("http"),
	})
	if err != nil {
		return err
	}
	call := &openapi.Params{
		Action: dara.String("ListImages"), Version: dara.String("2021-02-04"), Pathname: dara.String("/api/v1/images"),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
		Protocol: dara.String("HTTP"), ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
	}
	listed := 0
	for page := 1; listed < images; page++ {
		answer, err := client.CallApi(call, &openapi.OpenApiRequest{Query: map[string]*string{
			"PageNumber": dara.String(strconv.Itoa(page)), "PageSize": dara.String(strconv.Itoa(paiclient.MaxPageSize)),
			"Verbose": dara.String("true"),
		}}, &dara.RuntimeOptions{})
		if err != nil {
			return err
		}
		body, _ := answer["body"].(map[string]any)
		got, _ := body["Images"].([]any)
		if len(got) == 0 {
			return fmt.Errorf("the vendor's client found no image on page %d", page)
		}
		listed += len(got)
	}
	return nil
}
