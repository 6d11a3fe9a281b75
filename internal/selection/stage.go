package selection

import "strings"

// releaseStage is the stage of a release. Of versions with equal numbers, the version with the higher stage is higher.
type releaseStage int

const (
	stageDev releaseStage = iota
	stageAlpha
	stageBeta
	stageCandidate
	stageRelease
	stagePost
)

// isPostRelease reports whether the word, as the first after the number, marks a post-release. `post` alone doesn't:
// `2.9.0-post-training` is a release.
func (w word) isPostRelease() bool {
	return w.separator != "+" && strings.EqualFold(w.letters, "post") && w.digits != ""
}

// firstWordStage returns the stage of a version in which the word is the first after the number. The bool is false if
// the word marks no pre-release there.
func (w word) firstWordStage() (releaseStage, bool) {
	if w.separator == "+" {
		return 0, false
	}
	isAttached := w.isWhole && w.separator == ""
	switch strings.ToLower(w.letters) {
	case "dev", "nightly", "snapshot", "canary":
		return stageDev, true
	case "alpha", "pre", "preview", "ea":
		return stageAlpha, true
	case "beta":
		return stageBeta, true
	case "rc":
		return stageCandidate, true
	case "a": // a, b and c as in PEP 440
		return stageAlpha, isAttached
	case "b":
		return stageBeta, isAttached
	case "c":
		return stageCandidate, isAttached
	}
	return 0, false
}

// laterWordStage returns the stage of a version that has the word anywhere after the number. The bool is false if the
// word marks no pre-release there.
func (w word) laterWordStage() (releaseStage, bool) {
	if !w.isWhole {
		return 0, false
	}
	hasNumber := w.digits != ""
	switch strings.ToLower(w.letters) {
	case "nightly", "snapshot", "canary":
		return stageDev, true
	case "preview":
		return stageAlpha, true
	case "alpha":
		return stageAlpha, hasNumber
	case "beta":
		return stageBeta, hasNumber
	case "rc":
		return stageCandidate, hasNumber
	}
	return 0, false
}

// cutLaterWord returns the first word that marks a pre-release anywhere in the text, its stage, and whether there is
// such a word.
func cutLaterWord(text string) (word, releaseStage, bool) {
	for text != "" {
		w := cutWord(text)
		if stage, ok := w.laterWordStage(); ok {
			return w, stage, true
		}
		text = text[1:]
		for text != "" && isAlphanumeric(text[0]) {
			text = text[1:]
		}
	}
	return word{}, 0, false
}
