package paiclient_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform.local/pai/terraform-provider-pai/internal/paiclient"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// TestTextsAreShared: a key that stands on every image, of every page, lies in memory once.
func TestTextsAreShared(t *testing.T) {
	t.Parallel()
	sandbox := start(t, paisandbox.Options{Catalogue: paisandbox.Numbered(numbered)})
	listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{Verbose: true})
	if err != nil {
		t.Fatal(err)
	}
	first, last := listing.Images[0], listing.Images[numbered-1]
	for name, pair := range map[string][2]*string{
		"a label's key":            {first.Labels[0].Key, last.Labels[0].Key},
		"a label's value":          {first.Labels[0].Value, last.Labels[0].Value},
		"the account":              {first.UserID, last.UserID},
		"an account in two fields": {first.UserID, first.ParentUserID},
	} {
		if *pair[0] != *pair[1] || pair[0] != pair[1] {
			t.Errorf("%s is there twice: %q, %q", name, *pair[0], *pair[1])
		}
	}
}

// TestTextsAsServicesWriteThem: every way in which JSON can write a text gives that text, and what is done to one field isn't
// done to another that shares it.
func TestTextsAsServicesWriteThem(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ image, name, description, created string }{
		"plain":                         {`"Name":"a","Description":"a","GmtCreateTime":"a"`, "a", "a", "a"},
		"with escapes":                  {`"Name":"a\u00e9\n\"","Description":"\ud83e\uddea","GmtCreateTime":"\u0061"`, "aé\n\"", "🧪", "a"},
		"blanks around":                 {`"Name":" t ","Description":" t ","GmtCreateTime":" t "`, " t ", " t ", "t"},
		"blanks around, the time first": {`"GmtCreateTime":" t ","Name":" t ","Description":"t"`, " t ", "t", "t"},
		"names in lower case":           {`"name":"a","description":"b","gmtcreatetime":"c"`, "a", "b", "c"},
		"a name twice":                  {`"Name":"a","Name":"b","Description":"","GmtCreateTime":""`, "b", "", ""},
		"no UTF-8":                      {`"Name":"` + "a\xffb" + `","Description":"` + "\xff\\n" + `","GmtCreateTime":""`, "a\ufffdb", "\ufffd\n", ""},
		"half a surrogate":              {`"Name":"\ud83e","Description":"","GmtCreateTime":""`, "\ufffd", "", ""},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sandbox := start(t, paisandbox.Options{})
			sandbox.AddFault(paisandbox.Fault{Do: paisandbox.Body(200, `{"TotalCount":1,"Images":[{"ImageId":"image-1",`+test.image+`}]}`)})
			listing, err := connect(t, sandbox).ListImages(t.Context(), paiclient.ListImagesInput{})
			if err != nil {
				t.Fatal(err)
			}
			got := listing.Images[0]
			want := []string{test.name, test.description, test.created}
			if diff := cmp.Diff(want, []string{*got.Name, *got.Description, *got.GmtCreateTime}); diff != "" {
				t.Error(diff)
			}
		})
	}
}
