package paiclient_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestOddImages: every field may be missing, null or empty, and the three are kept apart.
func TestOddImages(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	sandbox := start(t, paisandbox.Options{})
	sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":4,"Images":[
		{},
		{"ImageId":null,"Name":"only a name","Labels":null,"Size":null},
		{"ImageId":"a","Description":"","Labels":[],"Size":0,"GmtCreateTime":"2021-01-21T17:12:35.232Z\n","GmtModifiedTime":" "},
		{"ImageId":"b","Labels":[{"Key":"k","Value":"1"},{"Key":"k","Value":"2"},{"Key":"k"},{"Value":"v"}],"New":{"field":1}}
	]}`)})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
	if err != nil {
		t.Fatal(err)
	}
	size := int64(0)
	want := []pai.Image{
		{},
		{Name: text("only a name")},
		{ImageID: text("b"), Labels: []pai.Label{
			{Key: text("k"), Value: text("1")}, {Key: text("k"), Value: text("2")}, {Key: text("k")}, {Value: text("v")},
		}},
		{
			ImageID: text("a"), Description: text(""), Labels: []pai.Label{}, Size: &size,
			GmtCreateTime: text("2021-01-21T17:12:35.232Z"), GmtModifiedTime: text(""),
		},
	}
	if diff := cmp.Diff(want, listing.Images); diff != "" {
		t.Error(diff)
	}
	if listing.Incomplete != nil {
		t.Errorf("unsettled: %+v", listing.Incomplete)
	}
	if value, ok := listing.Images[2].Label("k"); value != "" || ok { // the last one's value is null
		t.Errorf("the label is %q, %t", value, ok)
	}
	listing.Images[2].Labels = listing.Images[2].Labels[:2]
	if value, ok := listing.Images[2].Label("k"); value != "2" || !ok {
		t.Errorf("the label is %q, %t", value, ok)
	}
}
