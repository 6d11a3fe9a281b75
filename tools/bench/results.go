package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// results holds the values that benchmarks report.
type results map[metric]sample

// metric names a value of a benchmark, such as {"ReadDataSource/fill=structs/images=100", "sec/op"}.
type metric struct{ benchmark, unit string }

// sample holds one value for each run of a benchmark.
type sample []float64

// parseResults reads the output of go test.
func parseResults(output string) (results, error) {
	all := results{}
	reader := benchfmt.NewReader(strings.NewReader(output), "go test")
	for reader.Scan() {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		base, parts := result.Name.Parts()
		if last := len(parts) - 1; last >= 0 && parts[last][0] == '-' { // the number of processors
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

// format returns the median of a sample of the metric, such as 6.740 ms. MB are a million bytes.
func (m metric) format(s sample) string {
	unit := "s"
	if strings.Contains(m.unit, "B") {
		unit = "B"
	}
	scaler := benchunit.CommonScale([]float64{s.median()}, benchunit.Decimal)
	return fmt.Sprintf("%.*f %s%s", scaler.Prec, s.median()/scaler.Factor, scaler.Prefix, unit)
}
