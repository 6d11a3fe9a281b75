package pai_test

import (
	"strconv"
	"testing"
	"time"

	"terraform.local/pai/terraform-provider-pai/internal/pai"
)

// TestParseTime parses the same times in all supported forms.
func TestParseTime(t *testing.T) {
	t.Parallel()
	second := time.Date(2026, 1, 5, 3, 4, 5, 0, time.UTC)
	minute, millisecond := second.Truncate(time.Minute), second.Add(123*time.Millisecond)
	for want, texts := range map[time.Time][]string{
		second: {
			"2026-01-05T03:04:05Z", "2026-01-05T03:04:05.000Z", "2026-01-05T11:04:05+08:00", "2026-01-05 03:04:05",
			"2026-01-05 03:04:05Z", "2026-01-05T03:04:05", "2026-01-05T03:04:05+0000", "2026-01-05T11:04:05+0800",
			"2026-01-05T11:04:05+08", "2026-01-05T03:04:05z", "2026-01-05t03:04:05z", "20260105T030405Z", "20260105t030405z",
			"20260105T110405+0800", "20260105T030405", "2026-01-05 11:04:05 +0800", "2026-01-05 11:04:05 +08:00",
			" 2026-01-05T03:04:05Z\n", strconv.FormatInt(second.UnixMilli(), 10),
		},
		minute: {
			"2026-01-05T03:04Z", "2026-01-05 03:04", "2026-01-05T11:04+08:00", "2026-01-05t03:04z", "20260105T0304Z",
		},
		millisecond: {
			"2026-01-05T03:04:05.123Z", "2026-01-05 03:04:05.123", "2026-01-05T03:04:05,123z", "20260105T030405.123Z",
			"2026-01-05T03:04:05.123+0000", strconv.FormatInt(millisecond.UnixMilli(), 10),
		},
	} {
		for _, text := range texts {
			if got, ok := pai.ParseTime(text); !ok || !got.Equal(want) {
				t.Errorf("%q: got %s, %t, want %s", text, got, ok, want)
			}
		}
	}
	for _, text := range []string{
		"", " ", "yesterday", "2026", "2026-01-05", "20260105", "20260105030405", "2026-02-30T03:04:05Z",
		"2026-01-05T25:04:05Z", "2026-01-05T03:04:05X", "2026/01/05 03:04:05", "05.01.2026 03:04", "0",
		strconv.FormatInt(second.Unix(), 10), "-1767582245000", "17675822450000", "1.767582245e12",
	} {
		if got, ok := pai.ParseTime(text); ok {
			t.Errorf("%q: got %s, want no time", text, got)
		}
	}
}
