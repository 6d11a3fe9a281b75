package soak_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// lookup is a random lookup. Its filters are implemented independently of the provider.
type lookup struct {
	dataSource  string // pai_image or pai_images
	arguments   providertest.Values
	filters     []filter
	imageID     string        // "" if the lookup is not by ID
	framework   string        // framework whose version is compared; "" for the version in the tag
	timeout     time.Duration // timeouts.read, or 0 for the default
	cancelAfter time.Duration // 0 means never
}

// filter reports whether an image matches one filter.
type filter func(*paisandbox.Image) bool

func (l *lookup) String() string {
	text := fmt.Sprintf("%s %v", l.dataSource, l.arguments)
	if l.cancelAfter > 0 {
		text += fmt.Sprintf(", cancelled after %s", l.cancelAfter)
	}
	return text
}

// isTrue reports whether the argument is set to true.
func (l *lookup) isTrue(argument string) bool { return l.arguments[argument] == true }

// match reports whether the image matches every filter.
func (l *lookup) match(i *paisandbox.Image) bool {
	return !slices.ContainsFunc(l.filters, func(f filter) bool { return !f(i) })
}

func (l *lookup) set(argument string, value any, f filter) {
	l.arguments[argument] = value
	l.filters = append(l.filters, f)
}

// newLookup returns a random lookup. A lookup by ID uses the ID of one of the images or, sometimes, an ID that never
// existed.
func newLookup(random *rand.Rand, images []paisandbox.Image) *lookup {
	l := &lookup{dataSource: "pai_image", arguments: providertest.Values{}}
	r := draw{random}
	switch kind := r.IntN(10); {
	case kind < 3:
		l.dataSource = "pai_images"
		l.setListArguments(r)
		l.setFilters(r)
	case kind < 5:
		l.imageID = images[r.IntN(len(images))].ImageID.Or("")
		if r.chance(0.1) {
			l.imageID = "image-that-never-existed"
		}
		l.arguments["image_id"] = l.imageID
		if r.chance(0.2) {
			l.setFilters(r)
		}
	default:
		if argument := r.oneOf("most_recent", "most_recent", "latest_version", "latest_version", ""); argument != "" {
			l.arguments[argument] = true
		}
		l.setFilters(r)
	}
	if r.chance(0.05) {
		l.timeout = time.Duration(100+r.IntN(3000)) * time.Millisecond
		l.arguments["timeouts"] = map[string]any{"read": l.timeout.String()}
	}
	if r.chance(0.03) {
		l.cancelAfter = time.Duration(1+r.IntN(300)) * time.Millisecond
	}
	return l
}

// draw makes random choices.
type draw struct{ *rand.Rand }

func (r draw) chance(probability float64) bool { return r.Float64() < probability }

func (r draw) oneOf(words ...string) string { return words[r.IntN(len(words))] }

// setListArguments sets random arguments of pai_images that pai_image does not have.
func (l *lookup) setListArguments(r draw) {
	if r.chance(0.5) {
		l.arguments["order"] = r.oneOf("ASC", "DESC")
	}
	if r.chance(0.7) {
		l.arguments["page_size"] = 5 + r.IntN(60)
	}
	if r.chance(0.3) {
		l.arguments["verbose"] = false
	}
	if r.chance(0.2) {
		word := r.oneOf("RED", "green", "Blue", "gre")
		l.set("name", word, func(i *paisandbox.Image) bool { return strings.Contains(i.Name.Or(""), strings.ToLower(word)) })
	}
}

// setFilters sets random filters that both data sources have.
func (l *lookup) setFilters(r draw) {
	unlabeled := l.arguments["verbose"] == false // then filters that need labels are not allowed
	official := hasLabel("system.official", "true")
	switch r.IntN(4) {
	case 0:
		l.set("official", true, official)
	case 1:
		if !unlabeled {
			l.set("official", false, func(i *paisandbox.Image) bool { return !official(i) })
		}
	case 2:
		l.set("workspace_id", paisandbox.ChurnWorkspace, func(i *paisandbox.Image) bool {
			return i.WorkspaceID.Or("") == paisandbox.ChurnWorkspace
		})
	}
	if r.chance(0.3) {
		chip := r.oneOf("GPU", "CPU")
		l.set("chip_type", chip, hasLabel("system.chipType", chip))
	}
	if r.chance(0.2) {
		service := r.oneOf("dlc", "dsw", "eas")
		l.set("supported_by", []any{service}, hasLabel("system.supported."+service, "true"))
	}
	if r.chance(0.3) || l.isTrue("latest_version") && r.chance(0.5) {
		l.framework = r.oneOf("PyTorch", "TensorFlow")
		l.set("framework", l.framework, hasLabel("system.framework."+l.framework, ""))
	}
	if r.chance(0.2) && (!unlabeled || l.framework == "") {
		limit, framework := r.IntN(40), l.framework
		l.set("version", fmt.Sprintf(">= 1.%d.0", limit), func(i *paisandbox.Image) bool {
			return version(i, framework) >= limit
		})
	}
	if r.chance(0.2) {
		pattern := regexp.MustCompile(r.oneOf("^red-", "[02468]$", "(green|blue)-1"))
		l.set("name_regex", pattern.String(), func(i *paisandbox.Image) bool { return pattern.MatchString(i.Name.Or("")) })
	}
}

// hasLabel returns a filter for images with a label. An empty value matches every value.
func hasLabel(key, value string) filter {
	return func(i *paisandbox.Image) bool {
		return slices.ContainsFunc(i.Labels.Or(nil), func(l paisandbox.Label) bool {
			return l.Key == key && (value == "" || l.Value == value)
		})
	}
}

// version returns the N of an image's version 1.N.0, or -1 if the image has no version. All versions of a Churn have
// this form.
func version(i *paisandbox.Image, framework string) int {
	text := ""
	if framework == "" {
		_, tag, _ := strings.Cut(i.ImageURI.Or(""), ":")
		text, _, _ = strings.Cut(tag, "-")
	}
	for _, label := range i.Labels.Or(nil) {
		if framework != "" && label.Key == "system.framework."+framework {
			text = label.Value
		}
	}
	minor, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(text, "1."), ".0"))
	if err != nil {
		return -1
	}
	return minor
}
