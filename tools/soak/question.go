package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/paisandbox"
)

// question is one lookup at random, and what it means in the soak's own words.
type question struct {
	source    string // pai_image or pai_images
	arguments object
	meets     func(*paisandbox.Image) bool // all conditions
	byID      string
	framework string        // whose versions count; empty: the tag's
	within    time.Duration // timeouts.read; 0: the default
	cancelled time.Duration // after which it is given up; 0: never
}

func (q *question) String() string {
	text := fmt.Sprintf("%s %v", q.source, q.arguments)
	if q.cancelled > 0 {
		text += fmt.Sprintf(", cancelled after %s", q.cancelled)
	}
	return text
}

func (q *question) asks(argument string) bool { return q.arguments[argument] == true }

// asker draws questions.
type asker struct {
	*rand.Rand
	ids []string // to ask for
}

func (a *asker) chance(of float64) bool { return a.Float64() < of }

func (a *asker) oneOf(words ...string) string { return words[a.IntN(len(words))] }

func (a *asker) question() *question {
	q := &question{source: "pai_image", arguments: make(object)}
	var conditions []func(*paisandbox.Image) bool
	ask := func(argument string, value any, condition func(*paisandbox.Image) bool) {
		q.arguments[argument] = value
		conditions = append(conditions, condition)
	}
	switch kind := a.IntN(10); {
	case kind < 3:
		q.source = "pai_images"
		a.askForAList(q)
		if a.chance(0.2) {
			word := a.oneOf("RED", "green", "Blue", "gre")
			ask("name", word, func(i *paisandbox.Image) bool { return strings.Contains(i.Name.Or(""), strings.ToLower(word)) })
		}
	case kind < 5:
		q.byID = a.oneOf(a.ids...)
		q.arguments["image_id"] = q.byID
		if a.chance(0.1) {
			q.arguments["image_id"], q.byID = "image-never-there", "image-never-there"
		}
		if a.chance(0.8) {
			q.meets = func(*paisandbox.Image) bool { return true }
			return a.timed(q)
		}
	default:
		if choice := a.oneOf("most_recent", "most_recent", "latest_version", "latest_version", ""); choice != "" {
			q.arguments[choice] = true
		}
	}
	a.conditions(q, ask)
	q.meets = func(i *paisandbox.Image) bool {
		return !slices.ContainsFunc(conditions, func(meets func(*paisandbox.Image) bool) bool { return !meets(i) })
	}
	return a.timed(q)
}

func (a *asker) askForAList(q *question) {
	if a.chance(0.5) {
		q.arguments["order"] = a.oneOf("ASC", "DESC")
	}
	if a.chance(0.7) {
		q.arguments["page_size"] = 5 + a.IntN(60)
	}
	if a.chance(0.3) {
		q.arguments["verbose"] = false
	}
}

// conditions asks for what both data sources have.
func (a *asker) conditions(q *question, ask func(string, any, func(*paisandbox.Image) bool)) {
	bare := q.arguments["verbose"] == false // without labels some conditions are an error
	switch a.IntN(4) {
	case 0:
		ask("official", true, labelled("system.official", "true"))
	case 1:
		if !bare {
			ask("official", false, func(i *paisandbox.Image) bool { return !labelled("system.official", "true")(i) })
		}
	case 2:
		ask("workspace_id", paisandbox.ChurnWorkspace, func(i *paisandbox.Image) bool { return i.WorkspaceID.Or("") == paisandbox.ChurnWorkspace })
	}
	if a.chance(0.3) {
		chip := a.oneOf("GPU", "CPU")
		ask("chip_type", chip, labelled("system.chipType", chip))
	}
	if a.chance(0.2) {
		service := a.oneOf("dlc", "dsw", "eas")
		ask("supported_by", []any{service}, labelled("system.supported."+service, "true"))
	}
	if a.chance(0.3) || q.asks("latest_version") && a.chance(0.5) {
		q.framework = a.oneOf("PyTorch", "TensorFlow")
		ask("framework", q.framework, labelled("system.framework."+q.framework, ""))
	}
	if a.chance(0.2) && (!bare || q.framework == "") {
		limit := a.IntN(40)
		ask("version", fmt.Sprintf(">= 1.%d.0", limit), func(i *paisandbox.Image) bool { return version(i, q.framework) >= limit })
	}
	if a.chance(0.2) {
		pattern := a.oneOf("^red-", "[02468]$", "(green|blue)-1")
		ask("name_regex", pattern, func(i *paisandbox.Image) bool { return regexp.MustCompile(pattern).MatchString(i.Name.Or("")) })
	}
}

// timed gives some little time, and cancels some.
func (a *asker) timed(q *question) *question {
	if a.chance(0.05) {
		q.within = time.Duration(100+a.IntN(3000)) * time.Millisecond
		q.arguments["timeouts"] = object{"read": q.within.String()}
	}
	if a.chance(0.03) {
		q.cancelled = time.Duration(1+a.IntN(300)) * time.Millisecond
	}
	return q
}

// labelled is for any value where none is given.
func labelled(key, value string) func(*paisandbox.Image) bool {
	return func(i *paisandbox.Image) bool {
		return slices.ContainsFunc(i.Labels.Or(nil), func(l paisandbox.Label) bool { return l.Key == key && (value == "" || l.Value == value) })
	}
}

// version is the middle number of a churn's image, -1 where it has none: all are of the form 1.N.0.
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
	number, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(text, "1."), ".0"))
	if err != nil {
		return -1
	}
	return number
}
