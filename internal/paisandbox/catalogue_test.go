package paisandbox

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCatalogueContents checks that the catalogue contains images for every filter that tests and examples use.
func TestCatalogueContents(t *testing.T) {
	t.Parallel()
	images := Catalogue()
	if len(images) < 200 {
		t.Errorf("got %d images, want at least 200", len(images))
	}
	idPattern := regexp.MustCompile(`^image-[0-9a-z]{16}$`)
	seen := map[string]bool{}
	for _, i := range images {
		id := i.ImageID.Or("")
		if !idPattern.MatchString(id) || seen[id] {
			t.Errorf("id %q is malformed or not unique", id)
		}
		seen[id] = true
	}

	expect := func(description string, least int, match func(*Image) bool) {
		t.Helper()
		count := 0
		for _, i := range images {
			if match(&i) {
				count++
			}
		}
		if count < least {
			t.Errorf("got %d images %s, want at least %d", count, description, least)
		}
	}
	expectLabel := func(key, value string, least int) {
		t.Helper()
		expect("with the label "+key+"="+value, least, func(i *Image) bool { return hasLabel(i, L(key, value)) })
	}
	for _, chip := range []string{"GPU", "CPU", "PPU", "XPU"} {
		expectLabel("system.chipType", chip, 4)
	}
	for _, service := range []string{"dlc", "dsw", "eas"} {
		expectLabel("system.supported."+service, "true", 40)
	}
	for _, framework := range []string{
		"DeepRec", "DeepSpeed", "Megatron-LM", "ModelScope", "Nemo", "OneFlow", "PyTorch", "TensorFlow", "Transformers",
		"XGBoost", "vLLM", "SGLang", "PaiRag", "CosyVoice",
	} {
		expectLabel("system.framework."+framework, "*", 2)
	}
	for _, key := range []string{
		"pythonVersion", "language.Python", "origin", "imageUri", "eas.default.port", "eas.default.script", "framework",
	} {
		expectLabel("system."+key, "*", 3)
	}
	expectLabel("system.eas.deploy.latest", "true", 1)
	expectLabel("system.eas.deploy.latest", "false", 1)
	expectLabel("system.official", "true", 200)
	expectLabel("system.official", "false", 1)

	for _, region := range []string{"cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-wulanchabu", "ap-southeast-1"} {
		expect("in "+region, 5, func(i *Image) bool { return containsFold(i.ImageURI.Or(""), "."+region+".") })
	}
	for _, workspace := range []string{"20455", "31977"} {
		for _, accessibility := range []string{"PUBLIC", "PRIVATE"} {
			expect(accessibility+" in workspace "+workspace, 2, func(i *Image) bool {
				return i.WorkspaceID.Or("") == workspace && i.Accessibility.Or("") == accessibility
			})
		}
	}
	build := regexp.MustCompile(`-[0-9a-f]{8}-[0-9]{10}$`)
	expect("with a build suffix in the tag", 4, func(i *Image) bool { return build.MatchString(i.ImageURI.Or("")) })
	expect("without labels", 3, func(i *Image) bool { return len(i.Labels.Or(nil)) == 0 })
	expect("with a newline in the creation time", 1, func(i *Image) bool {
		return strings.HasSuffix(i.GmtCreateTime.Or(""), "\n")
	})
	times := map[string]int{}
	for _, i := range images {
		times[i.GmtCreateTime.Or("")]++
	}
	expect("with the creation time of another image", 50, func(i *Image) bool { return times[i.GmtCreateTime.Or("")] > 1 })
}

// TestCustomNames checks that AddImage accepts the names of the custom images: they have 1 to 50 lower-case letters,
// digits and hyphens, begin with a letter, and are unique in a workspace.
func TestCustomNames(t *testing.T) {
	t.Parallel()
	const host = "registry.example.com/team/"
	images := append(Catalogue(), Custom("1", host+"Trainer_v2:2.9.0+cu130"), Custom("1", host+"2048:1"),
		Custom("1", host+"a@sha256:"+strings.Repeat("0123456789", 6)), Custom("1", host+"模型"))
	rule := regexp.MustCompile(`^[a-z][a-z0-9-]{0,49}$`)
	seen, custom := map[string]bool{}, 0
	for _, i := range images {
		if i.UserID.Or("") != workspaceUser {
			continue
		}
		custom++
		name := i.Name.Or("")
		if id := i.WorkspaceID.Or("") + " " + name; !rule.MatchString(name) || seen[id] {
			t.Errorf("the name %q of %s is invalid or not unique", name, i.ImageURI.Or(""))
		} else {
			seen[id] = true
		}
	}
	if custom < 30 {
		t.Errorf("got %d custom images, want at least 30", custom)
	}
	if name := Custom("1", host+"Trainer_v2:2.9.0").Name.Or(""); name != "trainer-v2-2-9-0" {
		t.Errorf("got name %q, want trainer-v2-2-9-0", name)
	}
}

// TestCatalogueVariants checks the images of the highest versions. Examples select the only one with "-py312-".
func TestCatalogueVariants(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]int{
		`^pytorch:2\.9\.1-gpu-.*py312-`: 1, `^pytorch:2\.9\.1-[cp]pu-`: 2, `^pytorch:2\.10\.`: 1,
		`^pytorch:2\.9\.1-gpu-py311-cu130-`: 1, `^pytorch:2\.9\.1-gpu-py311-cu128-`: 2, // two builds of cu128
		`^tensorflow:2\.11-`: 2, `^modelscope:1\.34\.0-.*-gpu-`: 2, `^vllm:0\.14\.0-`: 2,
	} {
		name := regexp.MustCompile(pattern)
		got := slices.DeleteFunc(InRegion(Catalogue(), DefaultRegion), func(i Image) bool {
			return !name.MatchString(i.Name.Or(""))
		})
		if len(got) != want {
			t.Errorf("got %d images with a name like %s, want %d", len(got), pattern, want)
		}
	}
}

func TestNumbered(t *testing.T) {
	t.Parallel()
	ids, times := map[string]bool{}, map[string]bool{}
	for _, i := range Numbered(437) {
		ids[i.ImageID.Or("")], times[i.GmtCreateTime.Or("")] = true, true
	}
	if len(ids) != 437 || len(times) != 44 {
		t.Errorf("got %d ids and %d creation times, want 437 and 44", len(ids), len(times))
	}
}

func TestInRegion(t *testing.T) {
	t.Parallel()
	all, custom := Catalogue(), 0
	for _, i := range all {
		if !hasLabel(&i, L("system.official", "true")) {
			custom++
		}
	}
	for _, region := range []string{"cn-hangzhou", "cn-shanghai", "ap-southeast-1"} {
		images, regional := InRegion(all, region), 0
		for _, i := range images {
			uri := i.ImageURI.Or("")
			switch {
			case strings.Contains(uri, "."+region+"."):
				regional++
			case hasLabel(&i, L("system.official", "true")) && strings.Contains(uri, ".aliyuncs.com/"):
				t.Errorf("%s is an official image of another region than %s", uri, region)
			}
		}
		if regional < 10 || len(images) < regional+custom/2 || len(images) > len(all)/2 {
			t.Errorf("%s: got %d images, %d of them in the region's registries", region, len(images), regional)
		}
	}
}

// TestRegionOfHost checks that the host name of each request selects the region of the images, labels and single images
// that it gets, and that the region of the options is the default.
func TestRegionOfHost(t *testing.T) {
	t.Parallel()
	s, anyRegion := startSandbox(t, Options{Region: "cn-shanghai"}), startSandbox(t, Options{})
	if env := strings.Join(s.Environ(), " "); !strings.Contains(env, "_REGION=cn-shanghai ") {
		t.Errorf("the environment doesn't set the region: %s", env)
	}
	for _, test := range []struct {
		s            *Sandbox
		host, region string // no region: all images
	}{
		{s, "127.0.0.1:80", "cn-shanghai"},
		{s, "localhost:80", "cn-shanghai"},
		{s, "aiworkspace.cn-hangzhou.aliyuncs.com", "cn-shanghai"},
		{s, "cn-hangzhou.localhost:80", "cn-hangzhou"},
		{s, "CN-Hangzhou.LOCALHOST", "cn-hangzhou"},
		{s, "aiworkspace.cn-hangzhou.localhost:80", "cn-hangzhou"},
		{s, "ap-southeast-1.localhost:80", "ap-southeast-1"},
		{anyRegion, "127.0.0.1:80", ""},
		{anyRegion, "cn-hangzhou.localhost:80", "cn-hangzhou"},
	} {
		c := newCaller(test.s)
		c.beforeSigning = func(r *http.Request) { r.Host = test.host }
		want := Catalogue()
		if test.region != "" {
			want = InRegion(want, test.region)
		}
		if got := c.list(t, "").TotalCount; got != len(want) {
			t.Errorf("%q: got %d images, want %d", test.host, got, len(want))
		}
		var uris []string
		page := getPage[listImageLabelsResponse](t, c, imageLabelsPath+"?LabelKeys=system.imageUri")
		for _, label := range page.Labels {
			uris = append(uris, label.Value)
		}
		for _, i := range Catalogue() {
			id, uri, isListed := i.ImageID.Or(""), i.ImageURI.Or(""), i.isInRegion(test.region)
			if found := c.get(t, imagesPath+"/"+id).StatusCode == http.StatusOK; found != isListed {
				t.Errorf("%q: GetImage found %s: %t, want %t", test.host, uri, found, isListed)
			}
			found := slices.Contains(uris, uri)
			if hasLabel(&i, L("system.imageUri", uri)) && found != isListed {
				t.Errorf("%q: ListImageLabels returned %s: %t, want %t", test.host, uri, found, isListed)
			}
		}
	}
}

// TestUnknownRegion checks that a host name with a region in which the catalogue has no image gets no image, until an
// image of that region is added.
func TestUnknownRegion(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Region: "cn-nowhere"})
	c := newCaller(s)
	if c.list(t, "").TotalCount == 0 {
		t.Error("the region of the options is unknown")
	}
	c.beforeSigning = func(r *http.Request) { r.Host = "cn-shangai.localhost" }
	id := Catalogue()[0].ImageID.Or("")
	for _, path := range []string{imagesPath, imagesPath + "/" + id, imageLabelsPath, workspacesPath} {
		response := c.get(t, path)
		if response.StatusCode != http.StatusNotFound || !strings.Contains(string(response.body), "no region") {
			t.Errorf("%s: got status %d and %s", path, response.StatusCode, response.body)
		}
	}
	s.BeforeRequest(1, func(s *Sandbox) { s.Put(Official("dsw-registry-vpc.cn-shangai.cr.aliyuncs.com/pai/new:1.0")) })
	if got, want := c.list(t, "").TotalCount, len(InRegion(s.Images(), "cn-shangai")); got != want {
		t.Errorf("got %d images, want %d", got, want)
	}
}

// TestRegionalURL checks that the URL contains {region} if a client on this machine can replace it.
func TestRegionalURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"127.0.0.1:0": "http://{region}.localhost:", "localhost:0": "http://{region}.localhost:",
		":0": "http://{region}.localhost:", "[::1]:0": "http://{region}.localhost:", "127.0.0.2:0": "http://127.0.0.2:",
	} {
		s, err := Start(t.Context(), Options{Addr: address})
		if err != nil {
			t.Logf("%s: %v", address, err) // this machine lacks the address
			continue
		}
		if got, ok := strings.CutPrefix(s.RegionalURL(), want); !ok || !strings.HasSuffix(s.Host(), ":"+got) {
			t.Errorf("%s: got %s, want %s and the port of %s", address, s.RegionalURL(), want, s.Host())
		}
		if got := s.RegionalEnviron()[0]; got != "ALIBABA_CLOUD_ENDPOINT_AIWORKSPACE="+s.RegionalURL() {
			t.Errorf("%s: got %s, want the URL", address, got)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestPutAndRemove(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: smallCatalogue()})
	renamed := smallCatalogue()[1].With(func(i *Image) { i.Name = Value("renamed") })
	withoutID := Image{Name: Value("no id")}
	s.Put(renamed, withoutID, withoutID, Official("registry/pai/new:1"))
	s.Remove("torch", "mine", "never there")
	want := []string{"xgb", "twice", "shared", "", "", Official("registry/pai/new:1").ImageID.Or("")}
	if diff := cmp.Diff(want, imageIDs(s.Images())); diff != "" {
		t.Error(diff)
	}
	if got := s.Images()[0].Name.Or(""); got != "renamed" {
		t.Errorf("got name %q after Put with the same id, want renamed", got)
	}
	s.SetImages([]Image{})
	if got := s.Images(); len(got) != 0 {
		t.Errorf("got %d images after SetImages with none", len(got))
	}
}

func TestImagesReturnsCopies(t *testing.T) {
	t.Parallel()
	images := smallCatalogue()
	s := startSandbox(t, Options{Catalogue: images})
	images[0].Labels.Or(nil)[0].Value = "changed from outside"
	s.Images()[0].Labels.Or(nil)[0].Value = "changed from outside"
	s.Images()[1] = Image{}
	if diff := cmp.Diff(smallCatalogue(), s.Images()); diff != "" {
		t.Error(diff)
	}
}

func TestUpdateIsAtomic(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, Options{Catalogue: Numbered(10)})
	c := newCaller(s)
	var updates sync.WaitGroup
	for range 4 {
		updates.Go(func() {
			for range 50 {
				s.Update(func(images []Image) []Image { return append(images[1:], images[0]) })
			}
		})
	}
	for range 20 {
		if page := c.list(t, ""); page.TotalCount != 10 {
			t.Errorf("got %d images during an update, want 10", page.TotalCount)
		}
	}
	updates.Wait()
}
