package report

import "fmt"

// Topic says which goal a line is about, more closely than its number.
type Topic int

// Topics, as the table has them.
const (
	ReadTime Topic = iota + 1
	ReadBytes
	Plan
	Listing
	ListingOverTLS
	ListingByDefault
	Lookups
	Memory
	StartUp
	Size
)

// reasons say why a goal isn't met. They are written by hand, by whoever has looked into it, and shown only where the goal is
// missed: if it is met again, nobody reads an old excuse.
var reasons = map[Topic]string{
	Lookups: "Seven more blocks are work for the CLI, too: of the some 75 ms of processor time that they took in a trial, 50 were its own " +
		"and 25 the provider's, and on two cores that shows beside a wait of 200 ms.",
}

// Missed is a sentence for each goal that isn't met: by how much, and why.
func Missed(lines []Line) []string { return missed(lines, reasons) }

func missed(lines []Line, reasons map[Topic]string) []string {
	var said []string
	for _, l := range lines {
		if l.missedBy() == 0 {
			continue
		}
		why, known := reasons[l.Topic]
		if !known {
			why = "Nobody has looked into it yet."
		}
		said = append(said, fmt.Sprintf("Goal %d, %s: %s, and should be %s. %s", l.Row, l.What, l.result(), l.goal(), why))
	}
	return said
}
