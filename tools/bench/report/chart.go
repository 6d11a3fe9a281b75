package report

import (
	"bytes"
	"image/color"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Panel is one diagram: how something grows with the number of images.
type Panel struct {
	Title  string
	Y      string  // what the upright axis counts
	Scale  float64 // how much one on it is, in the samples' unit
	Logs   bool    // both axes are logarithmic, where the series are too far apart for anything else
	Series []Series
}

// Series is one line of a diagram.
type Series struct {
	Name   string
	Points []Point
}

// Point is a sample at a number of images.
type Point struct {
	Images int
	Sample Sample
}

const (
	panelWidth  = 11 * vg.Centimeter
	panelHeight = 8 * vg.Centimeter
	columns     = 2
)

// fonts are what stands in the SVG for the font that the text was measured with, and those of the same widths.
var fonts = strings.NewReplacer("Liberation Sans", "Liberation Sans,Arimo,Arial,Helvetica,sans-serif")

// Chart draws the panels, two beside each other, as SVG.
func Chart(panels []Panel) ([]byte, error) {
	rows := (len(panels) + columns - 1) / columns
	plots := make([][]*plot.Plot, rows)
	for i := range plots {
		plots[i] = make([]*plot.Plot, columns)
	}
	for i, panel := range panels {
		drawn, err := panel.draw()
		if err != nil {
			return nil, err
		}
		plots[i/columns][i%columns] = drawn
	}
	canvas := vgsvg.New(panelWidth*columns, panelHeight*vg.Length(rows))
	whole := draw.New(canvas)
	whole.SetColor(color.White) // a page may be dark
	whole.Fill(whole.Path())
	tiles := draw.Tiles{
		Rows: rows, Cols: columns, PadX: vg.Centimeter, PadY: vg.Centimeter,
		PadTop: vg.Millimeter * 4, PadBottom: vg.Millimeter * 4, PadLeft: vg.Millimeter * 4, PadRight: vg.Millimeter * 8,
	}
	for i, row := range plot.Align(plots, tiles, whole) {
		for j := range row {
			if plots[i][j] != nil {
				plots[i][j].Draw(row[j])
			}
		}
	}
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return nil, err
	}
	return []byte(fonts.Replace(svg.String())), nil
}
