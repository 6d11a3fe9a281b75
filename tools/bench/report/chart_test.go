package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func somePanels() []Panel {
	series := func(name string, each float64) Series {
		return Series{Name: name, Points: []Point{
			{100, Of(Seconds, 100*each)}, {1000, Of(Seconds, 1000*each)}, {10_000, Of(Seconds, 10_000*each, 10_000*each)},
		}}
	}
	return []Panel{
		{Title: "reading <fast>", Y: "milliseconds", Scale: 1e-3, Logs: true, Series: []Series{series("ours", 1e-6), series("structs", 1e-3)}},
		{Title: "planning", Y: "seconds", Scale: 1, Series: []Series{series("ours", 1e-4), series("floor", 1e-5), series("other", 1e-6)}},
		{Title: "a third", Y: "MB", Scale: 1e6, Series: []Series{{Name: "one point", Points: []Point{{100, Of(Bytes, 3e7)}}}}},
	}
}

func TestChartIsWellFormed(t *testing.T) {
	t.Parallel()
	svg, err := Chart(somePanels())
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if written, is := token.(xml.CharData); is {
			text.Write(written)
			text.WriteString("\n")
		}
	}
	for _, word := range []string{"reading <fast>", "milliseconds", "planning", "seconds", "images", "structs", "floor", "10,000", "a third"} {
		if !strings.Contains(text.String(), word+"\n") {
			t.Errorf("the chart does not say %q", word)
		}
	}
	if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
		t.Error("a point of the chart is nowhere")
	}
}

func TestChartIsTheSameForTheSameFigures(t *testing.T) {
	t.Parallel()
	first, err := Chart(somePanels())
	if err != nil {
		t.Fatal(err)
	}
	second, err := Chart(somePanels())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two charts of the same figures differ")
	}
}
