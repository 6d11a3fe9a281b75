package selection

import "strings"

// word is a word of a tag or a label: letters, and digits directly after them or after a dot.
type word struct {
	separator string // character before the word; "" if there is none
	letters   string
	digits    string // "" if there are none
	written   string // letters and digits as written
	isWhole   bool   // a separator or the end of the text follows
	after     string // text after the word
}

// cutWord returns the word at the start of text. If text starts with a separator, it returns the word after it.
func cutWord(text string) word {
	var w word
	if text != "" && !isAlphanumeric(text[0]) {
		w.separator, text = text[:1], text[1:]
	}
	letters := 0
	for letters < len(text) && isLetter(text[letters]) {
		letters++
	}
	end := letters + countDigits(text[letters:])
	w.letters, w.digits = text[:letters], text[letters:end]
	if letters > 0 && w.digits == "" && strings.HasPrefix(text[end:], ".") {
		dotted := end + 1 + countDigits(text[end+1:])
		if dotted > end+1 && endsWord(text[dotted:]) {
			w.digits, end = text[end+1:dotted], dotted
		}
	}
	w.written, w.after, w.isWhole = text[:end], text[end:], endsWord(text[end:])
	return w
}

// endsWord reports whether a word ends before the text.
func endsWord(text string) bool { return text == "" || !isAlphanumeric(text[0]) }

// trimVariant returns the text without separators at its start, and without the identifiers of a build at its end.
func trimVariant(text string) string {
	text = strings.TrimLeft(text, buildSeparators)
	for text != "" {
		start := strings.LastIndexAny(text, buildSeparators) + 1
		if !isBuildIdentifier(text[start:]) {
			return text
		}
		text = text[:max(0, start-1)]
	}
	return ""
}

// buildSeparators are the characters that can be before the identifier of a build. A tag contains no other separators.
const buildSeparators = "-_."

// isBuildIdentifier reports whether the text is a commit hash, perhaps after `g`, a date of six or eight digits, or a
// Unix time. Unix times and dates of eight digits have the form of a commit hash.
func isBuildIdentifier(text string) bool {
	digits := countDigits(text)
	if digits == len(text) && digits == 6 {
		return true
	}
	if len(text) > 0 && (text[0] == 'g' || text[0] == 'G') {
		text = text[1:]
	}
	return len(text) >= 7 && len(text) <= 40 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}

func countDigits(text string) int {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return n
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

func isAlphanumeric(b byte) bool { return isDigit(b) || isLetter(b) }
