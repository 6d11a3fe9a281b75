package report

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Colours that the colour-blind can tell apart, each with a mark of its own; ours comes first.
var looks = []struct {
	colour color.RGBA
	mark   draw.GlyphDrawer
}{
	{color.RGBA{G: 114, B: 178, A: 255}, draw.CircleGlyph{}},
	{color.RGBA{R: 213, G: 94, A: 255}, draw.BoxGlyph{}},
	{color.RGBA{G: 158, B: 115, A: 255}, draw.TriangleGlyph{}},
}

var grey = color.Gray{Y: 150}

func (panel Panel) draw() (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = panel.Title, "images", panel.Y
	p.Title.Padding = vg.Millimeter * 2
	p.Legend.Top, p.Legend.Left, p.Legend.Padding = true, true, vg.Points(3)
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(4), vg.Points(-4)
	small := font.Font{Typeface: "Liberation", Variant: "Sans", Size: font.Points(9)}
	for _, of := range []*font.Font{
		&p.X.Label.TextStyle.Font, &p.Y.Label.TextStyle.Font, &p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Legend.TextStyle.Font,
	} {
		*of = small
	}
	p.Title.TextStyle.Font = small
	p.Title.TextStyle.Font.Size = font.Points(11)
	p.Add(plotter.NewGrid())

	var all plotter.XYs
	for i, series := range panel.Series {
		points := make(plotter.XYs, len(series.Points))
		for j, point := range series.Points {
			points[j] = plotter.XY{X: float64(point.Images), Y: point.Sample.Median() / panel.Scale}
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, err
		}
		look := looks[i%len(looks)]
		line.Color, line.Width = look.colour, vg.Points(1.5)
		dots.Color, dots.Shape, dots.Radius = look.colour, look.mark, vg.Points(3)
		p.Add(line, dots)
		p.Legend.Add(series.Name, line, dots)
		all = append(all, points...)
		if panel.Logs {
			if err := addProportion(p, points); err != nil {
				return nil, err
			}
		}
	}
	panel.axes(p, all)
	return p, nil
}

// addProportion draws what the last point says of the others if each image costs the same: among logarithms a straight line alone
// says nothing, for its slope may be any power.
func addProportion(p *plot.Plot, points plotter.XYs) error {
	last := points[len(points)-1]
	proportion := make(plotter.XYs, len(points))
	for i, point := range points {
		proportion[i] = plotter.XY{X: point.X, Y: last.Y * point.X / last.X}
	}
	line, err := plotter.NewLine(proportion)
	if err != nil {
		return err
	}
	line.Color, line.Width, line.Dashes = grey, vg.Points(1), []vg.Length{vg.Points(2), vg.Points(2)}
	p.Add(line)
	return nil
}
