package paijson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paijson"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// page has the fields of the API's lists.
type page struct {
	Images     []pai.Image     `json:"Images"`
	Workspaces []pai.Workspace `json:"Workspaces"`
	Labels     []pai.Label     `json:"Labels"`
	TotalCount *int64          `json:"TotalCount"`
}

// decodePage decodes JSON and returns the page in JSON, without the fields that are null.
func decodePage(t *testing.T, body string) (string, []paijson.Ignored) {
	t.Helper()
	var p page
	ignored, err := paijson.NewBudget().NewDecoder().Decode(t.Context(), []byte(body), &p)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return withoutNulls(t, p), ignored
}

func withoutNulls(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	decoder := json.NewDecoder(strings.NewReader(string(encoded)))
	decoder.UseNumber()
	if err := decoder.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	encoded, err = json.Marshal(removeNulls(decoded))
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func removeNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if member == nil {
				delete(value, name)
			}
			removeNulls(member)
		}
	case []any:
		for _, element := range value {
			removeNulls(element)
		}
	}
	return value
}

// TestDecodeScalars decodes values of every type into fields of every type. A value that can't be read must be null.
func TestDecodeScalars(t *testing.T) {
	t.Parallel()
	const unreadable = ""
	for field, values := range map[string]map[string]string{
		"WorkspaceId": {
			`"20455"`: `"20455"`, `20455`: `"20455"`, `12345678901234567890`: `"12345678901234567890"`, `1e3`: `"1e3"`,
			`-0.50`: `"-0.50"`, `true`: `"true"`, `false`: `"false"`, `""`: `""`, `"{}"`: `"{}"`, `" a "`: `" a "`,
			`{}`: unreadable, `{"a":1}`: unreadable, `[]`: unreadable, `["20455"]`: unreadable,
		},
		"Size": {
			`9`: `9`, `"9"`: `9`, `" 9\n"`: `9`, `-9`: `-9`, `9.0`: `9`, `"9.00"`: `9`, `1e10`: `10000000000`,
			`1.5E+1`: `15`, `90e-1`: `9`, `"1e10"`: `10000000000`, `0.0`: `0`, `0e99`: `0`,
			`9223372036854775807`: `9223372036854775807`, `9223372036854775807.0`: `9223372036854775807`,
			`-9223372036854775808`: `-9223372036854775808`, `9223372036854775808`: unreadable, `1e19`: unreadable,
			`9.5`: unreadable, `9.00000000000000000001`: unreadable, `1e-1`: unreadable, `1e999999999`: unreadable,
			`0e-999999999`: unreadable, `"1e999999999"`: unreadable, `"big"`: unreadable, `""`: unreadable, `"3/3"`: unreadable,
			`"0x10"`: unreadable, `"1p9"`: unreadable, `"NaN"`: unreadable, `true`: unreadable, `{}`: unreadable,
			`[9]`: unreadable,
		},
		"IsDefault": {
			`true`: `true`, `false`: `false`, `"true"`: `true`, `"False"`: `false`, `" TRUE "`: `true`,
			`1`: unreadable, `"yes"`: unreadable, `""`: unreadable, `{}`: unreadable,
		},
	} {
		for value, want := range values {
			list := "Images"
			if field == "IsDefault" {
				list = "Workspaces"
			}
			member := ""
			var wantIgnored []paijson.Ignored
			if want == unreadable {
				wantIgnored = []paijson.Ignored{{Item: 1, Field: list + "." + field, Value: value}}
			} else {
				member = fmt.Sprintf(",%q:%s", field, want)
			}
			body := fmt.Sprintf(`{%q:[{"GmtCreateTime":"0"},{%q:%s,"GmtCreateTime":"1"},null]}`, list, field, value)
			got, ignored := decodePage(t, body)
			wantPage := withoutNulls(t, json.RawMessage(
				fmt.Sprintf(`{%q:[{"GmtCreateTime":"0"},{"GmtCreateTime":"1"%s},{}]}`, list, member)))
			if got != wantPage {
				t.Errorf("%s: got %s, want %s", body, got, wantPage)
			}
			if diff := cmp.Diff(wantIgnored, ignored); diff != "" {
				t.Errorf("%s: %s", body, diff)
			}
		}
	}
}

// TestDecodeLists decodes lists and elements of other types. They are ignored in an item of a list, and otherwise an
// error.
func TestDecodeLists(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"Images":[{"Labels":"none","Name":"a"},{"Name":"b"}]}`: `{"Images":[{"Name":"a"},{"Name":"b"}]}`,
		`{"Images":[{"Labels":{"k":"v"},"Name":"a"}]}`:           `{"Images":[{"Name":"a"}]}`,
		`{"Images":[{"Labels":["x",{"Key":"k"},[],null]}]}`:      `{"Images":[{"Labels":[{},{"Key":"k"},{},{}]}]}`,
		`{"Images":[{"Labels":[{"Key":"k","Value":8000}]}]}`:     `{"Images":[{"Labels":[{"Key":"k","Value":"8000"}]}]}`,
		`{"Workspaces":[{"EnvTypes":"prod","IsDefault":true}]}`:  `{"Workspaces":[{"IsDefault":true}]}`,
		`{"Workspaces":[{"EnvTypes":["a",{},1,null]}]}`:          `{"Workspaces":[{"EnvTypes":["a","","1",""]}]}`,
		`{"TotalCount":"1","Images":[]}`:                         `{"Images":[],"TotalCount":1}`,
		`{"TotalCount":[],"Images":null}`:                        `{}`,
	} {
		if got, _ := decodePage(t, body); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
	for body, want := range map[string]string{
		`[]`:                           "array at the root, want object",
		`{"Images":"none"}`:            "string at /Images, want array",
		`{"Images":{}}`:                "object at /Images, want array",
		`{"Images":[{},1]}`:            "number at /Images/1, want object",
		`{"Labels":"none"}`:            "string at /Labels, want array",
		`{"Labels":["x"]}`:             "string at /Labels/0, want object",
		`{"Images":[{"Size":{}}],"x"]`: "invalid JSON at byte 27",
	} {
		var p page
		_, err := paijson.NewBudget().NewDecoder().Decode(t.Context(), []byte(body), &p)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
	var p page
	_, err := paijson.NewBudget().NewDecoder().Decode(t.Context(), []byte(`{"Images":[{"Size":{},"Labels":[`), &p)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v, want io.ErrUnexpectedEOF", err)
	}
}

// TestDecodeIgnored checks which values Decode returns as ignored: where they are, and at most 20.
func TestDecodeIgnored(t *testing.T) {
	t.Parallel()
	_, got := decodePage(t, `{"images":[{"LABELS":[{"Key":"k","Value":[ 1 ]}]}],"TotalCount":"many"}`)
	want := []paijson.Ignored{
		{Item: 0, Field: "images.LABELS.Value", Value: "[ 1 ]"}, {Item: -1, Field: "TotalCount", Value: `"many"`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	long := `{"Size":["` + strings.Repeat("x", 10_000) + `"]}`
	_, got = decodePage(t, `{"Images":[`+long+strings.Repeat(`,{"Size":[]}`, 99)+`]}`)
	if len(got) != 20 || len(got[0].Value) != 4096 {
		t.Errorf("got %d ignored values, the first of %d bytes, want 20 and 4096", len(got), len(got[0].Value))
	}
}

// TestDecodeTwice checks that a value that can't be read changes no other field. The sandbox's catalogue has images
// with omitted fields, null fields and empty fields.
func TestDecodeTwice(t *testing.T) {
	t.Parallel()
	encoded, err := json.Marshal(map[string]any{"TotalCount": 1, "Images": paisandbox.Catalogue()})
	if err != nil {
		t.Fatal(err)
	}
	body := strings.TrimSuffix(string(encoded), "}")
	var want, got page
	decoder := paijson.NewBudget().NewDecoder()
	ignored, err := decoder.Decode(t.Context(), []byte(body+"}"), &want)
	if err != nil || len(ignored) > 0 || len(want.Images) == 0 {
		t.Fatal(err, ignored)
	}
	ignored, err = decoder.Decode(t.Context(), []byte(body+`,"TotalCount":[]}`), &got)
	if err != nil || len(ignored) != 1 {
		t.Fatal(err, ignored)
	}
	if diff := cmp.Diff(want.Images, got.Images); diff != "" {
		t.Error(diff)
	}
}

// TestIsNew checks that IsNew returns true once for each field of each item, and at most 20 times.
func TestIsNew(t *testing.T) {
	t.Parallel()
	decoder, count := paijson.NewBudget().NewDecoder(), 0
	for range 2 {
		for _, field := range []string{"Size", "Name"} {
			for item := range 3 {
				if decoder.IsNew(field, fmt.Sprint(item)) {
					count++
				}
			}
		}
	}
	if count != 6 {
		t.Errorf("got %d, want 6", count)
	}
	for item := range 50 {
		if decoder.IsNew("Labels", fmt.Sprint(item)) {
			count++
		}
	}
	if count != 20 {
		t.Errorf("got %d, want 20", count)
	}
}
