package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// results holds the samples of all values that the benchmarks report.
type results map[metric]sample

// metric identifies a value that a benchmark reports, such as {"ReadDataSource/fill=structs/images=100", "sec/op"}.
type metric struct{ benchmark, unit string }

// sample holds a reported value, once for each run of the benchmark.
type sample []float64

// parseResults parses the output of go test.
func parseResults(output string) (results, error) {
	all := results{}
	reader := benchfmt.NewReader(strings.NewReader(output), "go test")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		base, parts := result.Name.Parts()
		if last := len(parts) - 1; last >= 0 && parts[last][0] == '-' { // the suffix is the number of processors
			parts = parts[:last]
		}
		name := string(base) + string(bytes.Join(parts, nil))
		for _, value := range result.Values {
			key := metric{name, value.Unit}
			all[key] = append(all[key], value.Value)
		}
	}
	return all, reader.Err()
}

// median returns the median of the values, or 0 if there are none.
func (s sample) median() float64 {
	n := len(s)
	if n == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// format returns the median of the sample with its unit, such as "6.740 ms". 1 MB is a million bytes.
func (m metric) format(s sample) string {
	if m.unit == "requests" {
		return fmt.Sprintf("%g %s", s.median(), m.unit)
	}
	unit := "s"
	if strings.Contains(m.unit, "B") {
		unit = "B"
	}
	scaler := benchunit.CommonScale([]float64{s.median()}, benchunit.Decimal)
	return fmt.Sprintf("%.*f %s%s", scaler.Prec, s.median()/scaler.Factor, scaler.Prefix, unit)
}
