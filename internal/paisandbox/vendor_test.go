package paisandbox_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// call asks through the vendor's generic client, which signs by itself.
func call(t *testing.T, s *paisandbox.Sandbox, token, action, path string, query map[string]string) (map[string]any, error) {
	t.Helper()
	config := &openapi.Config{
		AccessKeyId:     dara.String(paisandbox.DefaultAccessKeyID),
		AccessKeySecret: dara.String(paisandbox.DefaultAccessKeySecret),
		Endpoint:        dara.String(s.Host()),
		Protocol:        dara.String("http"),
	}
	if token != "" {
		config.SecurityToken = dara.String(token)
	}
	return ask(config, action, path, query)
}

func ask(config *openapi.Config, action, path string, query map[string]string) (map[string]any, error) {
	client, err := openapi.NewClient(config)
	if err != nil {
		return nil, err
	}
	request := &openapi.OpenApiRequest{Query: map[string]*string{}}
	for name, value := range query {
		request.Query[name] = dara.String(value)
	}
	return client.CallApi(&openapi.Params{
		Action: dara.String(action), Version: dara.String("2021-02-04"), Pathname: dara.String(path),
		Method: dara.String("GET"), Style: dara.String("ROA"), AuthType: dara.String("AK"),
		Protocol: config.Protocol, ReqBodyType: dara.String("json"), BodyType: dara.String("json"),
	}, request, &dara.RuntimeOptions{})
}

// body decodes the answer's body into a value of ours.
func body(t *testing.T, result map[string]any, into any) {
	t.Helper()
	data, err := json.Marshal(result["body"])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestVendorClientListsEverything(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "a session's token +/="} {
		s := startWithToken(t, token)
		got := map[string]paisandbox.Image{}
		total := len(s.Images())
		for page := 1; len(got) < total && page <= total; page++ {
			result, err := call(t, s, token, "ListImages", "/api/v1/images", map[string]string{
				"PageNumber": strconv.Itoa(page), "PageSize": "50", "Verbose": "true", "SortBy": "GmtCreateTime", "Order": "DESC",
			})
			if err != nil {
				t.Fatal(err)
			}
			var answer struct {
				TotalCount int
				Images     []paisandbox.Image
			}
			body(t, result, &answer)
			if answer.TotalCount != total {
				t.Errorf("TotalCount is %d, want %d", answer.TotalCount, total)
			}
			for _, i := range answer.Images {
				got[i.ImageID.Or("")] = i
			}
		}
		want := map[string]paisandbox.Image{}
		for _, i := range s.Images() {
			want[i.ImageID.Or("")] = i
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestVendorClientFiltersAndGets(t *testing.T) {
	t.Parallel()
	s := startWithToken(t, "")
	result, err := call(t, s, "", "ListImages", "/api/v1/images", map[string]string{
		"Labels": "system.framework=XGBoost 1.6.0,system.official=*", "Name": "xgboost-training:", "PageSize": "1",
	})
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Images []paisandbox.Image }
	body(t, result, &answer)
	if len(answer.Images) != 1 || !strings.HasPrefix(answer.Images[0].Name.Or(""), "xgboost-training:1.6.0") {
		t.Fatalf("got %+v", answer.Images)
	}

	listed := answer.Images[0]
	result, err = call(t, s, "", "GetImage", "/api/v1/images/"+listed.ImageID.Or(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	var image paisandbox.Image
	body(t, result, &image)
	listed.ImageID = paisandbox.Omitted[string]()
	if diff := cmp.Diff(listed, image); diff != "" {
		t.Error(diff)
	}
}

func TestVendorClientReadsErrors(t *testing.T) {
	t.Parallel()
	for code, do := range map[string]paisandbox.Effect{
		"InvalidParameter": paisandbox.RefusePageSizeAbove(20),
		"Forbidden.RAM":    paisandbox.APIError(403, "Forbidden.RAM", "no"),
		"FromXML":          paisandbox.XMLError(400, "FromXML", "no"),
	} {
		s := startWithToken(t, "")
		s.AddFault(paisandbox.Fault{Do: do})
		_, err := call(t, s, "", "ListImages", "/api/v1/images", map[string]string{"PageSize": "50"})
		if err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("got %v, want %s", err, code)
		}
	}
}

func startWithToken(t *testing.T, token string) *paisandbox.Sandbox {
	t.Helper()
	s, err := paisandbox.Start(t.Context(), paisandbox.Options{
		AccessKeyID: paisandbox.DefaultAccessKeyID, AccessKeySecret: paisandbox.DefaultAccessKeySecret, SecurityToken: token,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
