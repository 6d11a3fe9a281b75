package soak_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
	"terraform.local/pai/terraform-provider-pai/internal/paisandbox/churn"
	"terraform.local/pai/terraform-provider-pai/internal/provider/providertest"
)

// lookup is a random lookup. Its filters are implemented independently of the provider.
type lookup struct {
	dataSource  string // pai_image or pai_images
	arguments   providertest.Values
	filters     []filter
	imageID     string        // "" if the lookup is not by ID
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
		if r.chance(0.5) {
			l.arguments["latest_version"] = true
		}
		if r.chance(0.4) {
			l.arguments["most_recent"] = true
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
	} else if r.chance(0.5) {
		l.arguments["sort_by"] = r.oneOf("GmtCreateTime", "image_version")
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
		l.set("workspace_id", churn.CustomWorkspace, func(i *paisandbox.Image) bool {
			return i.WorkspaceID.Or("") == churn.CustomWorkspace
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
	framework := ""
	if r.chance(0.3) {
		framework = r.oneOf("PyTorch", "TensorFlow")
		l.set("framework", framework, hasLabel("system.framework."+framework, ""))
	}
	if r.chance(0.2) || l.isTrue("latest_version") && r.chance(0.8) {
		repository := r.oneOf("training", "inference")
		l.set("repository", r.oneOf("", "pai/")+repository, func(i *paisandbox.Image) bool {
			return buildOf(i).repository == repository
		})
	}
	if r.chance(0.2) && (!unlabeled || framework == "") {
		limit := r.IntN(8)
		l.set("version", fmt.Sprintf(">= 1.%d.0", limit), func(i *paisandbox.Image) bool {
			return buildOf(i).minor >= limit
		})
	}
	if r.chance(0.2) {
		l.setNameRegex("name_regex", r.oneOf("^red-", "[02468]$", "(green|blue)-1"), true)
	}
	if r.chance(0.2) {
		l.setNameRegex("exclude_name_regex", r.oneOf("^green-", "[13579]$", "(red|blue)-2"), false)
	}
}

// setNameRegex sets a filter for images whose name the expression matches, or doesn't match.
func (l *lookup) setNameRegex(argument, expression string, matches bool) {
	pattern := regexp.MustCompile(expression)
	l.set(argument, expression, func(i *paisandbox.Image) bool {
		return pattern.MatchString(i.Name.Or("")) == matches
	})
}

// hasLabel returns a filter for images with a label. An empty value matches every value.
func hasLabel(key, value string) filter {
	return func(i *paisandbox.Image) bool {
		return slices.ContainsFunc(i.Labels.Or(nil), func(l paisandbox.Label) bool {
			return l.Key == key && (value == "" || l.Value == value)
		})
	}
}
