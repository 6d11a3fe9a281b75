// Package report makes a table, a chart and a page of what was measured. It measures nothing, and the same figures always give the
// same files.
package report

import (
	"slices"
	"strconv"
)

// Unit is what a figure counts.
type Unit int

// The units that are measured.
const (
	Seconds Unit = iota
	Bytes
)

// Sample is one thing measured several times. None at all is a figure that there isn't.
type Sample struct {
	Unit   Unit
	Values []float64
}

// Of is a sample of these values.
func Of(unit Unit, values ...float64) Sample { return Sample{Unit: unit, Values: values} }

// Median is the middle value, or the mean of the two in the middle; 0 where there is none.
func (s Sample) Median() float64 {
	n := len(s.Values)
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s.Values))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// String is the median with its unit.
func (s Sample) String() string {
	if len(s.Values) == 0 {
		return ""
	}
	return amount(s.Median(), s.Unit)
}

// runs are how often it was measured, and the least and the most; nothing where there is but one value.
func (s Sample) runs() []string {
	if len(s.Values) < 2 {
		return []string{"", ""}
	}
	return []string{
		strconv.Itoa(len(s.Values)), amount(slices.Min(s.Values), s.Unit) + " to " + amount(slices.Max(s.Values), s.Unit),
	}
}

// minus is what each value is above the other of the same round.
func (s Sample) minus(other Sample) Sample {
	difference := Sample{Unit: s.Unit}
	for i := range min(len(s.Values), len(other.Values)) {
		difference.Values = append(difference.Values, s.Values[i]-other.Values[i])
	}
	return difference
}

// amount writes a figure with the prefix of its unit that leaves few digits. MB are a million bytes.
func amount(value float64, unit Unit) string {
	type scale struct {
		factor float64
		name   string
	}
	scales := []scale{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}}
	if unit == Bytes {
		scales = []scale{{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {1, "B"}}
	}
	for _, s := range scales {
		if magnitude(value) >= s.factor {
			return digits(value/s.factor) + " " + s.name
		}
	}
	last := scales[len(scales)-1]
	return digits(value/last.factor) + " " + last.name
}

// digits is a number with three digits that count, or all before the point where there are more.
func digits(value float64) string {
	decimals := 2
	switch size := magnitude(value); {
	case size >= 99.95:
		decimals = 0
	case size >= 9.995:
		decimals = 1
	}
	return strconv.FormatFloat(value, 'f', decimals, 64)
}

func magnitude(value float64) float64 { return max(value, -value) }
