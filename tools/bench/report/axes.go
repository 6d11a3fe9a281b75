package report

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// axes begin at nothing where they are linear, and end at powers of ten where they are logarithmic. Above the highest point is
// left what the legend needs.
func (panel Panel) axes(p *plot.Plot, points plotter.XYs) {
	lowX, highX, lowY, highY := plotter.XYRange(points)
	if !panel.Logs {
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, highX, 0, highY*1.3
		p.X.Tick.Marker, p.Y.Tick.Marker = evenTicks{}, evenTicks{}
		return
	}
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Scale, axis.Tick.Marker = plot.LogScale{}, decadeTicks{}
	}
	p.X.Min, p.X.Max = decade(lowX, math.Floor), decade(highX, math.Ceil)
	p.Y.Min, p.Y.Max = decade(lowY, math.Floor), decade(highY, math.Ceil)*10
}

func decade(value float64, round func(float64) float64) float64 {
	return math.Pow(10, round(math.Log10(value)))
}

// decadeTicks stand at the powers of ten.
type decadeTicks struct{}

func (decadeTicks) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Round(math.Log10(low)); power <= math.Round(math.Log10(high)); power++ {
		at := math.Pow(10, power)
		ticks = append(ticks, plot.Tick{Value: at, Label: count(at)})
	}
	return ticks
}

// evenTicks are the library's own, with their numbers written as elsewhere on the page.
type evenTicks struct{}

func (evenTicks) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for i := range ticks {
		if ticks[i].Label != "" {
			ticks[i].Label = count(ticks[i].Value)
		}
	}
	return ticks
}

// count writes 10000 as 10,000, and 0.01 as it is.
func count(value float64) string {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	if value != math.Trunc(value) {
		return text
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Count writes a number of images with a comma at the thousands.
func Count(images int) string { return count(float64(images)) }
