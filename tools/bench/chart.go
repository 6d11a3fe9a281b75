package main

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// panel is one diagram of the chart. It shows how a cost grows with the number of images.
type panel struct {
	title       string
	y           string  // label of the vertical axis
	scale       float64 // one unit of the vertical axis, in the unit of the results
	logarithmic bool    // whether both axes are logarithmic
	lines       []line
}

// line is one line of a panel. benchmark is a format string for the number of images.
type line struct{ name, benchmark, unit string }

// panels are the diagrams of the chart, two in each row.
var panels = []panel{
	{"ReadDataSource: time", "milliseconds (log)", 1e-3, true, readLines("sec/op")},
	{"ReadDataSource: allocated", "MB (log)", 1e6, true, readLines("B/op")},
	{"terraform plan, whole process", "seconds", 1, false, []line{
		{"ours", "Plan/cli=terraform/images=%d", "ours-sec"}, {"the floor", "Plan/cli=terraform/images=%d", "floor-sec"},
	}},
	{"peak memory of the provider's process", "MB", 1e6, false, []line{{"ours", "Memory/images=%d", "peak-B"}}},
}

func readLines(unit string) []line {
	return []line{
		{"ours", "ReadDataSource/fill=wirestate/images=%d", unit},
		{"lists of attr.Value", "ReadDataSource/fill=values/images=%d", unit},
		{"structs", "ReadDataSource/fill=structs/images=%d", unit},
	}
}

func (p panel) plot(all results) (*plot.Plot, error) {
	drawing := plot.New()
	drawing.Title.Text, drawing.X.Label.Text, drawing.Y.Label.Text = p.title, "images", p.y
	drawing.Legend.Top, drawing.Legend.Left = true, true
	drawing.Add(plotter.NewGrid())
	if p.logarithmic {
		drawing.X.Label.Text = "images (log)"
		for _, axis := range []*plot.Axis{&drawing.X, &drawing.Y} {
			axis.Scale, axis.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
		}
	} else {
		drawing.X.Min, drawing.Y.Min = 0, 0
	}
	var lines []any
	for _, l := range p.lines {
		var points plotter.XYs
		for _, images := range []int{100, 1000, 5000, 10_000} {
			if s := all[metric{fmt.Sprintf(l.benchmark, images), l.unit}]; len(s) > 0 {
				points = append(points, plotter.XY{X: float64(images), Y: s.median() / p.scale})
			}
		}
		if len(points) > 0 {
			lines = append(lines, l.name, points)
		}
	}
	return drawing, plotutil.AddLinePoints(drawing, lines...)
}

// drawChart returns the chart as SVG.
func drawChart(all results) ([]byte, error) {
	plot.DefaultFont = font.Font{Typeface: "Liberation", Variant: "Sans"}
	const width, height = 11 * vg.Centimeter, 8 * vg.Centimeter
	plots := [][]*plot.Plot{make([]*plot.Plot, 2), make([]*plot.Plot, 2)}
	for i, p := range panels {
		drawing, err := p.plot(all)
		if err != nil {
			return nil, err
		}
		plots[i/2][i%2] = drawing
	}
	svg := vgsvg.New(2*width, 2*height)
	canvas := draw.New(svg)
	canvas.SetColor(color.White) // the page may have a dark background
	canvas.Fill(canvas.Path())
	pad := vg.Millimeter * 6
	tiles := draw.Tiles{Rows: 2, Cols: 2, PadX: pad, PadY: pad, PadTop: pad, PadBottom: pad, PadLeft: pad, PadRight: pad}
	for i, row := range plot.Align(plots, tiles, canvas) {
		for j := range row {
			plots[i][j].Draw(row[j])
		}
	}
	var text bytes.Buffer
	if _, err := svg.WriteTo(&text); err != nil {
		return nil, err
	}
	// The layout is computed with Liberation Sans, which few readers have. The other fonts have the same widths.
	fonts := strings.NewReplacer("Liberation Sans", "Liberation Sans,Arimo,Arial,Helvetica,sans-serif")
	return []byte(fonts.Replace(text.String())), nil
}
