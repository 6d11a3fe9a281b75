package paisandbox

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCatalogueIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	var one, two bytes.Buffer
	if err := WriteCatalogue(&one, Catalogue()); err != nil {
		t.Fatal(err)
	}
	if err := WriteCatalogue(&two, Catalogue()); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two calls, two catalogues")
	}
	back, err := ReadCatalogue(&one)
	if diff := cmp.Diff(Catalogue(), back); err != nil || diff != "" {
		t.Errorf("%v, %s", err, diff)
	}
}

// What the catalogue must hold so that tests and examples find something for each filter.
func TestCatalogueHolds(t *testing.T) {
	t.Parallel()
	images := Catalogue()
	if len(images) < 200 {
		t.Errorf("%d images, want at least 200", len(images))
	}
	id := regexp.MustCompile(`^image-[0-9a-z]{16}$`)
	seen := map[string]bool{}
	for _, i := range images {
		got := i.ImageID.Or("")
		if !id.MatchString(got) || seen[got] {
			t.Errorf("id %q is malformed or there twice", got)
		}
		seen[got] = true
	}

	label := func(condition string, least int) {
		key, value, _ := strings.Cut(condition, "=")
		count := 0
		for _, i := range images {
			if hasLabel(&i, L(key, value)) {
				count++
			}
		}
		if count < least {
			t.Errorf("%d images with %s, want at least %d", count, condition, least)
		}
	}
	for _, chip := range []string{"GPU", "CPU", "PPU", "XPU"} {
		label("system.chipType="+chip, 4)
	}
	for _, service := range []string{"dlc", "dsw", "eas"} {
		label("system.supported."+service+"=true", 40)
	}
	for name := range strings.FieldsSeq("DeepRec DeepSpeed Megatron-LM ModelScope Nemo OneFlow PyTorch TensorFlow Transformers XGBoost vLLM SGLang PaiRag CosyVoice") {
		label("system.framework."+name+"=*", 2)
	}
	for key := range strings.FieldsSeq("pythonVersion language.Python origin imageUri eas.default.port eas.default.script framework") {
		label("system."+key+"=*", 3)
	}
	label("system.eas.deploy.latest=true", 1)
	label("system.eas.deploy.latest=false", 1)
	label("system.official=true", 200)
	label("system.official=false", 1)

	matching := func(what string, least int, match func(Image) bool) {
		count := 0
		for _, i := range images {
			if match(i) {
				count++
			}
		}
		if count < least {
			t.Errorf("%d images %s, want at least %d", count, what, least)
		}
	}
	for _, region := range []string{"cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-wulanchabu", "ap-southeast-1"} {
		matching("of "+region, 5, func(i Image) bool { return contains(i.ImageURI.Or(""), "."+region+".") })
	}
	for _, workspace := range []string{"20455", "31977"} {
		for _, accessibility := range []string{"PUBLIC", "PRIVATE"} {
			matching(accessibility+" in "+workspace, 2, func(i Image) bool {
				return i.WorkspaceID.Or("") == workspace && i.Accessibility.Or("") == accessibility
			})
		}
	}
	unguessable := regexp.MustCompile(`-[0-9a-f]{8}-[0-9]{10}$`)
	matching("with a tag that can't be guessed", 4, func(i Image) bool { return unguessable.MatchString(i.ImageURI.Or("")) })
	matching("without labels", 3, func(i Image) bool { return len(i.Labels.Or(nil)) == 0 })
	matching("with a trailing newline", 1, func(i Image) bool { return strings.HasSuffix(i.GmtCreateTime.Or(""), "\n") })
	times := map[string]int{}
	for _, i := range images {
		times[i.GmtCreateTime.Or("")]++
	}
	matching("created together with others", 50, func(i Image) bool { return times[i.GmtCreateTime.Or("")] > 1 })
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	seen, times := map[string]bool{}, map[string]bool{}
	for _, i := range Numbered(437) {
		seen[i.ImageID.Or("")], times[i.GmtCreateTime.Or("")] = true, true
	}
	if len(seen) != 437 || len(times) != 44 {
		t.Errorf("%d ids and %d times", len(seen), len(times))
	}
}

func TestFieldOnTheWire(t *testing.T) {
	t.Parallel()
	for want, image := range map[string]Image{
		`{}`:                          {},
		`{"Name":null,"Labels":null}`: {Name: Null[string](), Labels: Null[[]Label]()},
		`{"Name":"","Labels":[]}`:     {Name: Value(""), Labels: Value([]Label{})},
		`{"Size":0}`:                  {Size: Value[int64](0)},
		`{"Labels":[{"Key":"k","Value":"v"}],"ImageId":"image-1","Size":9007199254740993}`: {
			ImageID: Value("image-1"), Size: Value[int64](1<<53 + 1), Labels: Value([]Label{L("k", "v")}),
		},
	} {
		got, err := json.Marshal(image)
		if err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
		var back Image
		if err := json.Unmarshal(got, &back); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(image, back); diff != "" {
			t.Errorf("%s: %s", want, diff)
		}
	}
	if err := json.Unmarshal([]byte(`{"Size":"large"}`), new(Image)); err == nil {
		t.Error("a size that is text was read")
	}
}

func TestReadCatalogueRefuses(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		``:                         "EOF",
		`{"Images":[`:              "unexpected EOF",
		`[]`:                       "cannot unmarshal",
		`{"images_":[]}`:           `no "Images"`,
		`{"Images":null}`:          `no "Images"`,
		`{"Images":[]}{}`:          "more after",
		`{"Images":[{"Size":""}]}`: "cannot unmarshal",
		`{"Images":[{"ImageId":"a"},{"ImageId":"a"}]}`: `"a" is there twice`,
	} {
		if _, err := ReadCatalogue(strings.NewReader(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", data, err, want)
		}
	}
	images, err := ReadCatalogue(strings.NewReader(`{"RequestId":"x","TotalCount":2,"Images":[{"New":1},{}]}`))
	if err != nil || len(images) != 2 {
		t.Errorf("got %v, %v", images, err)
	}
}
