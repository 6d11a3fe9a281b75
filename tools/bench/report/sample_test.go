package report

import "testing"

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1}, 5}, {[]float64{7, 1, 100}, 7}, {[]float64{4, 1, 3, 2}, 2.5},
	} {
		s := Of(Seconds, tt.values...)
		if got := s.Median(); got != tt.want {
			t.Errorf("the median of %v is %v, want %v", tt.values, got, tt.want)
		}
	}
	values := []float64{3, 1, 2}
	Of(Seconds, values...).Median()
	if values[0] != 3 || values[2] != 2 {
		t.Errorf("the runs were put in another order: %v", values)
	}
}

func TestAmounts(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Sample{
		"":        {},
		"1.18 s":  Of(Seconds, 1.1777),
		"12.4 s":  Of(Seconds, 12.41),
		"200 ms":  Of(Seconds, 0.2),
		"13.1 ms": Of(Seconds, 0.0131),
		"10.0 ms": Of(Seconds, 0.009996),
		"64.0 µs": Of(Seconds, 64e-6),
		"0.10 µs": Of(Seconds, 1e-7),
		"0.00 µs": Of(Seconds, 0),
		"-12.0 s": Of(Seconds, -12),
		"1.92 GB": Of(Bytes, 1.923e9),
		"491 MB":  Of(Bytes, 491e6),
		"6.50 MB": Of(Bytes, 6.5e6),
		"33.0 kB": Of(Bytes, 33_000),
		"7.00 B":  Of(Bytes, 7),
	} {
		if got := s.String(); got != want {
			t.Errorf("%v is %q, want %q", s.Values, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for images, want := range map[int]string{0: "0", 100: "100", 1000: "1,000", 10_000: "10,000", 1_234_567: "1,234,567"} {
		if got := Count(images); got != want {
			t.Errorf("%d is %q, want %q", images, got, want)
		}
	}
	if got := count(0.01); got != "0.01" {
		t.Errorf("a hundredth is %q", got)
	}
}
