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
