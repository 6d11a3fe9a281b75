package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// panel is one diagram of the chart. It shows how a cost grows with the number of images.
type panel struct {
	title       string
	scale       float64 // one unit of the vertical axis, in the unit of the results
	logarithmic bool    // whether both axes are logarithmic
	lines       []line
}

// line is one line of a panel. benchmark is a format string for the number of images.
type line struct {
	name, benchmark, unit string
	below                 bool // whether the name is below the line
	color                 color.Color
}

var (
	blue   = color.RGBA{R: 0x1f, G: 0x5f, B: 0xb4, A: 0xff}
	orange = color.RGBA{R: 0xc4, G: 0x55, B: 0x00, A: 0xff}
	gray   = color.RGBA{R: 0x55, G: 0x55, B: 0x55, A: 0xff}
	pale   = color.RGBA{R: 0xdd, G: 0xdd, B: 0xdd, A: 0xff}
)

// panels are the diagrams of the chart, two in each row.
var panels = []panel{
	{"ReadDataSource: milliseconds", 1e-3, true, readLines("sec/op")},
	{"ReadDataSource: MB allocated", 1e6, true, readLines("B/op")},
	{"terraform plan: seconds", 1, false, []line{
		{"this provider", "Plan/cli=terraform/images=%d", "ours-sec", false, blue},
		{"the floor", "Plan/cli=terraform/images=%d", "floor-sec", true, gray},
	}},
	{"Peak memory of the provider: MB", 1e6, false, []line{
		{"this provider", "Memory/images=%d", "peak-B", false, blue},
	}},
}

func readLines(unit string) []line {
	return []line{
		{"structs", "ReadDataSource/fill=structs/images=%d", unit, false, gray},
		{"lists of attr.Value", "ReadDataSource/fill=values/images=%d", unit, true, orange},
		{"this provider", "ReadDataSource/fill=wirestate/images=%d", unit, false, blue},
	}
}

// points returns the medians of a line.
func (p panel) points(l line, all results) plotter.XYs {
	var points plotter.XYs
	for _, images := range []int{100, 1000, 5000, 10_000} {
		if s := all[metric{fmt.Sprintf(l.benchmark, images), l.unit}]; len(s) > 0 {
			points = append(points, plotter.XY{X: float64(images), Y: s.median() / p.scale})
		}
	}
	return points
}

func (p panel) plot(all results) (*plot.Plot, error) {
	drawing := plot.New()
	drawing.Title.Text, drawing.X.Label.Text = p.title, "images"
	drawing.Title.Padding = 2 * vg.Millimeter
	drawing.X.Tick.Marker, drawing.Y.Tick.Marker = plot.TickerFunc(fewTicks), plot.TickerFunc(fewTicks)
	if p.logarithmic {
		drawing.Title.Text += ", logarithmic"
		drawing.X.Label.Text += ", logarithmic"
		for _, axis := range []*plot.Axis{&drawing.X, &drawing.Y} {
			axis.Scale, axis.Tick.Marker = plot.LogScale{}, plot.TickerFunc(decades)
		}
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = pale, pale
	drawing.Add(grid)
	for _, l := range p.lines {
		points := p.points(l, all)
		if len(points) == 0 {
			continue
		}
		path, marks, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, err
		}
		path.Color, marks.Color, marks.Shape = l.color, l.color, draw.CircleGlyph{}
		path.Width = vg.Points(1.5)
		drawing.Add(path, marks)
		name, err := p.name(l, points)
		if err != nil {
			return nil, err
		}
		drawing.Add(name)
	}
	if !p.logarithmic {
		drawing.X.Min, drawing.Y.Min = 0, 0
	}
	return drawing, nil
}

// name returns the name of a line, next to its last points.
func (p panel) name(l line, points plotter.XYs) (*plotter.Labels, error) {
	labels, err := plotter.NewLabels(plotter.XYLabels{XYs: points[len(points)-1:], Labels: []string{l.name}})
	if err != nil {
		return nil, err
	}
	style := &labels.TextStyle[0]
	style.Font = font.From(plot.DefaultFont, 11)
	style.Color, style.XAlign, style.YAlign = l.color, text.XRight, text.YBottom
	labels.Offset = vg.Point{X: -6 * vg.Millimeter}
	if l.below {
		style.YAlign, labels.Offset = text.YTop, vg.Point{Y: -10 * vg.Millimeter}
	}
	return labels, nil
}

// fewTicks returns three to six ticks with labels for a linear axis.
func fewTicks(low, high float64) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/2)))
	for _, factor := range []float64{5, 2} {
		if (high-low)/(step*factor) >= 3 {
			step *= factor
			break
		}
	}
	var ticks []plot.Tick
	for value := math.Ceil(low/step) * step; value <= high*1.0001; value += step {
		ticks = append(ticks, plot.Tick{Value: value, Label: formatTick(value)})
	}
	return ticks
}

// decades returns the powers of ten of a logarithmic axis.
func decades(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for exponent := math.Ceil(math.Log10(low) - 0.001); exponent <= math.Log10(high)+0.001; exponent++ {
		value := math.Pow(10, exponent)
		ticks = append(ticks, plot.Tick{Value: value, Label: formatTick(value)})
	}
	return ticks
}

// formatTick returns a number with separated thousands, such as "10,000".
func formatTick(value float64) string {
	if value < 1000 {
		return strconv.FormatFloat(value, 'g', 3, 64)
	}
	return fmt.Sprintf("%d,%03d", int(value)/1000, int(value)%1000)
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
	for i, canvases := range plot.Align(plots, tiles, canvas) {
		for j := range canvases {
			plots[i][j].Draw(canvases[j])
		}
	}
	var content bytes.Buffer
	if _, err := svg.WriteTo(&content); err != nil {
		return nil, err
	}
	// The layout is computed with Liberation Sans, which few readers have. The other fonts have the same widths.
	fonts := strings.NewReplacer("Liberation Sans", "Liberation Sans,Arimo,Arial,Helvetica,sans-serif")
	return []byte(fonts.Replace(content.String())), nil
}
