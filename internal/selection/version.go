package selection

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Version is a version that ParseVersion read from a tag or a label.
type Version struct {
	name    string   // numbers as written, and the word of a pre-release or post-release
	numbers []uint64 // without trailing zeros, so that 2.9 equals 2.9.0
	stage   releaseStage
	serial  uint64 // number after the word of a pre-release or post-release; 0 if there is none
	scheme  scheme
	rest    string // text after the version
}

// scheme is the numbering scheme of a version.
type scheme int

const (
	schemePlain    scheme = iota // such as 2.9.1
	schemeCalendar               // year and month, such as 26.07
)

// ParseVersion parses the version at the start of a tag or a label. It returns nil if there is none: commit hashes,
// dates, Unix times and counters are not versions. The guide "Filters and versions" has the rules, in the section "How
// versions are read".
func ParseVersion(text string) *Version {
	text = strings.TrimSpace(text)
	unprefixed, hasPrefix := strings.CutPrefix(text, "v")
	number, rest := cutNumber(unprefixed)
	first, _, isDotted := strings.Cut(number, ".")
	longest := 4
	if !isDotted {
		longest = 2
		if hasPrefix {
			longest = 3
		}
		if rest != "" && !strings.ContainsAny(rest[:1], "-_+") {
			return nil
		}
	}
	if len(first) == 0 || len(first) > longest {
		return nil
	}
	return newVersion(number, rest)
}

// cutNumber returns the dotted number at the start of text, and the text after it.
func cutNumber(text string) (number, rest string) {
	end := countDigits(text)
	for end > 0 && end < len(text) && text[end] == '.' {
		digits := countDigits(text[end+1:])
		if digits == 0 {
			break
		}
		end += 1 + digits
	}
	return text[:end], text[end:]
}

// newVersion returns the version with a dotted number and the text after the number. It returns nil if a number of the
// version doesn't fit into 63 bits, which is the limit of the library for constraints.
func newVersion(number, rest string) *Version {
	v := &Version{name: number, stage: stageRelease, rest: rest}
	v.numbers = make([]uint64, 0, 1+strings.Count(number, "."))
	for digits := range strings.SplitSeq(number, ".") {
		n, err := strconv.ParseUint(digits, 10, 63)
		if err != nil {
			return nil
		}
		v.numbers = append(v.numbers, n)
	}
	if isCalendar(number, v.numbers) {
		v.scheme = schemeCalendar
	}
	for len(v.numbers) > 0 && v.numbers[len(v.numbers)-1] == 0 {
		v.numbers = v.numbers[:len(v.numbers)-1]
	}
	if serial := v.readWords(number); serial != "" {
		n, err := strconv.ParseUint(serial, 10, 63)
		if err != nil {
			return nil
		}
		v.serial = n
	}
	return v
}

// isCalendar reports whether the number starts with a year of four digits, or a year and a month of two digits each.
func isCalendar(number string, numbers []uint64) bool {
	if numbers[0] >= 2000 && numbers[0] <= 2099 {
		return true
	}
	_, month, _ := strings.Cut(number, ".")
	return numbers[0] >= 17 && numbers[0] <= 39 && countDigits(month) == 2 && numbers[1] >= 1 && numbers[1] <= 12
}

// readWords reads the words after the number. It sets the stage, and the name and the rest that belong to it. It
// returns the digits of the word that determines the stage.
func (v *Version) readWords(number string) (serial string) {
	first := cutWord(v.rest)
	if first.isPostRelease() {
		v.name, v.stage, v.rest = number+".post"+first.digits, stagePost, first.after
		serial, first = first.digits, cutWord(first.after) // a pre-release of a post-release counts as a pre-release
	}
	if stage, ok := first.firstWordStage(); ok {
		v.name, v.stage, v.rest = number+"-"+first.written, stage, first.after
		return first.digits
	}
	if later, stage, ok := cutLaterWord(v.rest); ok {
		v.name, v.stage = number+"-"+later.written, stage
		return later.digits
	}
	return serial
}

// String returns the version without a leading `v`, with its numbers as written: `2.9.0`, `2.9.0-rc1`, `0.8.5.post1`.
func (v *Version) String() string { return v.name }

// IsPreRelease reports whether the version is a pre-release.
func (v *Version) IsPreRelease() bool { return v.stage < stageRelease }

// IsCalendar reports whether the version consists of a year and a month.
func (v *Version) IsCalendar() bool { return v.scheme == schemeCalendar }

// Compare returns -1 if v is lower than w, 1 if v is higher, and 0 if the versions are equal. It compares calendar
// versions with other versions by number.
func (v *Version) Compare(w *Version) int {
	return cmp.Or(slices.Compare(v.numbers, w.numbers), cmp.Compare(v.stage, w.stage), cmp.Compare(v.serial, w.serial))
}

// compareInList is like Compare, but every calendar version is higher than every other version, and nil is the lowest.
func compareInList(v, w *Version) int {
	switch {
	case v == nil && w == nil:
		return 0
	case v == nil:
		return -1
	case w == nil:
		return 1
	}
	return cmp.Or(cmp.Compare(v.scheme, w.scheme), v.Compare(w))
}
