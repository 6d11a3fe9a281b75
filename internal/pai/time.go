package pai

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// milliseconds matches a Unix time in milliseconds, from the year 2001 on. A number with fewer digits could also be in
// seconds.
var milliseconds = regexp.MustCompile(`^[1-9][0-9]{12}$`)

// timeLayouts are the layouts of ParseTime except time.RFC3339Nano. They need text without lower-case letters. A
// fraction after the seconds needs no layout of its own.
var timeLayouts = func() []string {
	var layouts []string
	for _, clock := range []string{
		"2006-01-02T15:04:05", "2006-01-02 15:04:05", "20060102T150405",
		"2006-01-02T15:04", "2006-01-02 15:04", "20060102T1504",
	} {
		for _, zone := range []string{"Z07:00", "Z0700", "Z07", " Z07:00", " Z0700", ""} {
			layouts = append(layouts, clock+zone)
		}
	}
	return layouts
}()

// ParseTime parses a time of the API, and reports whether the text is valid. The text is a time of RFC 3339 or ISO
// 8601, or a Unix time in milliseconds:
//
//   - The seconds can be omitted: 2026-01-05T03:04Z
//   - A blank can replace the T, and letters can be in lower case: 2026-01-05 03:04:05z
//   - The hyphens and colons can be omitted: 20260105T030405Z, 2026-01-05T03:04:05+0000
//   - A time without a zone is in UTC.
func ParseTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if parsed, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return parsed, true
	}
	if milliseconds.MatchString(text) {
		number, _ := strconv.ParseInt(text, 10, 64) // can't fail, because 13 digits fit
		return time.UnixMilli(number).UTC(), true
	}
	text = strings.ToUpper(text)
	for _, layout := range timeLayouts {
		if parsed, err := time.Parse(layout, text); err == nil {
			return parsed, true
		}
	}
	return time.Time{}, false
}

// timeOrZero parses a time of the API. It returns the zero time if the text is nil or invalid.
func timeOrZero(text *string) time.Time {
	parsed, _ := ParseTime(OrEmpty(text))
	return parsed
}
