package selection

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"

	"terraform.local/pai/terraform-provider-pai/internal/hcltext"
)

// Constraints is a version constraint in Terraform's syntax: conditions that a version must all match.
//
// The library go-version validates the syntax. It does not evaluate the conditions, because it orders rc19 before rc2,
// has no post-releases, and rejects every pre-release if one of several conditions names none.
type Constraints []condition

// condition is one condition of a constraint, such as `>= 2.9`.
type condition struct {
	operator string // "=" if the text has none
	version  *Version
	parts    int // number of numbers as written: 2 for `2.9`
}

// ParseConstraints parses a version constraint, such as `>= 2.0, < 3.0`. A version in a constraint consists of numbers
// and, optionally, the word of a pre-release, such as `2.9.0-rc1`.
func ParseConstraints(text string) (Constraints, error) {
	parsed, err := version.NewConstraint(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a version constraint: use one or more conditions separated by commas, such as "+
			`"~> 2.3" or ">= 2.0, < 3.0"`, hcltext.Quote(text))
	}
	constraints := make(Constraints, 0, len(parsed))
	for _, p := range parsed {
		c, err := newCondition(strings.TrimSpace(p.String()))
		if err != nil {
			return nil, err
		}
		constraints = append(constraints, c)
	}
	return constraints, nil
}

func newCondition(text string) (condition, error) {
	operand := strings.TrimLeft(text, "<>=!~ ")
	number, rest := cutNumber(strings.TrimPrefix(operand, "v"))
	v := newVersion(number, strings.TrimPrefix(rest, "-")) // `2.9.0-a0`, as String returns it, is the version of 2.9.0a0
	switch {
	case v == nil:
		return condition{}, fmt.Errorf("%s has a number with too many digits", hcltext.Quote(operand))
	case v.stage == stagePost:
		return condition{}, fmt.Errorf("%s is a post-release, which matches as its release does: use %s",
			hcltext.Quote(operand), hcltext.Quote(number))
	case v.rest != "" || v.stage == stageRelease && rest != "":
		return condition{}, fmt.Errorf("%s has a suffix that is not a pre-release such as \"-rc1\": use %s. To match other "+
			"words of a tag, use name_regex", hcltext.Quote(operand), hcltext.Quote(number))
	}
	operator := strings.TrimSpace(text[:len(text)-len(operand)])
	return condition{cmp.Or(operator, "="), v, 1 + strings.Count(number, ".")}, nil
}

// Allow reports whether v matches all conditions. A post-release matches as its release does. A pre-release matches
// only if at least one condition names a pre-release with the same number. Conditions with `!=` don't count. Allow
// returns false if v is nil.
func (cs Constraints) Allow(v *Version) bool {
	return v != nil && (!v.IsPreRelease() || cs.namesPreRelease(v)) &&
		!slices.ContainsFunc(cs, func(c condition) bool { return !c.allow(v) })
}

// AllowRelease reports whether the release with the same number as v matches all conditions.
func (cs Constraints) AllowRelease(v *Version) bool {
	release := Version{numbers: v.numbers, stage: stageRelease}
	return cs.Allow(&release)
}

// namesPreRelease reports whether a condition names a pre-release with the number of v.
func (cs Constraints) namesPreRelease(v *Version) bool {
	return slices.ContainsFunc(cs, func(c condition) bool {
		return c.operator != "!=" && c.version.IsPreRelease() && slices.Equal(c.version.numbers, v.numbers)
	})
}

func (c condition) allow(v *Version) bool {
	release := *v
	if v.stage == stagePost {
		release.stage, release.serial = stageRelease, 0
	}
	order := release.Compare(c.version)
	switch c.operator {
	case "=":
		return order == 0
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
	default: // "~>": all numbers but the last must be equal
		return order >= 0 && slices.Equal(firstNumbers(v, c.parts-1), firstNumbers(c.version, c.parts-1))
	}
}

// firstNumbers returns the first n numbers of v. A number that v doesn't have is 0.
func firstNumbers(v *Version, n int) []uint64 {
	numbers := make([]uint64, n)
	copy(numbers, v.numbers)
	return numbers
}

// ExactVersion returns the version of a constraint that allows only one version, such as `2.9` or `= 2.9`. The bool is
// false for other constraints.
func (cs Constraints) ExactVersion() (*Version, bool) {
	if len(cs) != 1 || cs[0].operator != "=" {
		return nil, false
	}
	return cs[0].version, true
}
