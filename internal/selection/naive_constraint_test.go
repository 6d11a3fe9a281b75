package selection_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"terraform.local/pai/terraform-provider-pai/internal/selection"
)

// naiveConstraint is one part of a version constraint.
type naiveConstraint struct {
	operator string // may be empty
	text     string
	version  *naiveVersion // of the text
}

// naiveOperand matches a version in a constraint. A hyphen before a pre-release has no meaning: `2.9.0-a0` is 2.9.0a0.
var naiveOperand = regexp.MustCompile(`^v?([0-9.]+)-?(.*)$`)

func newNaiveConstraint(operator, text string) naiveConstraint {
	match := naiveOperand.FindStringSubmatch(text)
	v := &naiveVersion{numbers: naiveNumbers(match[1]), rank: naiveRelease, rest: match[2]}
	v.readPreRelease(match[1])
	return naiveConstraint{operator, text, v}
}

// Versions in constraints. More of them are in catalogue_generator_test.go.
var (
	constraintNumbers = strings.Fields("0 2 2.9 2.9.0 2.9.0.0 2.10 1 1.12 17 23 23.12 24 26 128 2000 100.0")
	constraintWords   = strings.Fields("-rc1 rc2 -rc -beta -beta.2 -alpha -dev -nightly -SNAPSHOT a0 b1 -ea.1")
)

// naiveAllows reports whether a version matches all constraints. A post-release is compared as its release. A
// pre-release also needs a constraint with a pre-release of the same number.
func naiveAllows(constraints []naiveConstraint, v *naiveVersion) bool {
	if v == nil {
		return false
	}
	if v.rank == naivePost {
		v = &naiveVersion{numbers: v.numbers, rank: naiveRelease}
	}
	isNamed := !v.isPreRelease()
	for _, c := range constraints {
		if !c.allows(v) {
			return false
		}
		if c.operator != "!=" && c.version.isPreRelease() && c.version.compareNumbers(v) == 0 {
			isNamed = true
		}
	}
	return isNamed
}

func (c naiveConstraint) allows(v *naiveVersion) bool {
	order := v.compare(c.version)
	switch c.operator {
	case "!=":
		return order != 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case "~>":
		prefix := len(c.version.numbers) - 1 // only the last number may increase
		padded := append(slices.Clone(v.numbers), make([]int64, prefix)...)
		return order >= 0 && slices.Equal(padded[:prefix], c.version.numbers[:prefix])
	default:
		return order == 0
	}
}

// parseConstraints returns the same constraints as the package parses them.
func parseConstraints(t *testing.T, constraints []naiveConstraint) selection.Constraints {
	t.Helper()
	parsed, err := selection.ParseConstraints(constraintText(constraints))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func constraintText(constraints []naiveConstraint) string {
	var parts []string
	for _, c := range constraints {
		parts = append(parts, strings.TrimSpace(c.operator+" "+c.text))
	}
	return strings.Join(parts, ", ")
}

// constraints returns one to three constraints. Half of their versions are that of the image, if it has one.
func (g generator) constraints(image *naiveVersion) []naiveConstraint {
	var constraints []naiveConstraint
	for range 1 + g.IntN(3) {
		text := g.constraintVersion()
		if image != nil && image.rank != naivePost && g.isOneOf(2) {
			text = image.text
		}
		operator := g.oneOf("=", "", "!=", "!=", ">", ">=", ">=", "<", "<", "<=", "~>", "~>")
		constraints = append(constraints, newNaiveConstraint(operator, text))
	}
	return constraints
}

func (g generator) constraintVersion() string {
	number := g.pick(g.oneOfLists(constraintNumbers, plainNumbers, calendarNumbers))
	if g.isOneOf(2) {
		return number
	}
	return number + g.pick(constraintWords)
}
