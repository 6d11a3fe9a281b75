package report

import "testing"

var someLines = []Line{
	Line{
		Row: 1, What: "`Read`, 1,000 images: time", Ours: Of(Seconds, 0.014, 0.013, 0.012), Other: Of(Seconds, 1.18), Against: "with structs",
		Goal: AtLeast(80),
	}.TimesLess(),
	Line{Row: 5, What: "memory", Ours: Of(Bytes, 70e6, 71e6), Goal: AtMost(64)}.Units(1e6, "MB"),
	{Row: 5, What: "elsewhere", Note: "not measured", Goal: AtMost(64), In: "MB"},
}

func TestTable(t *testing.T) {
	t.Parallel()
	const want = `| goal | what                       | measured | against             | result          | should be              |                      |
| ---- | -------------------------- | -------- | ------------------- | --------------- | ---------------------- | -------------------- |
| 1    | ` + "`Read`" + `, 1,000 images: time | 13.0 ms  | 1.18 s with structs | 90.8 times less | at least 80 times less | met                  |
| 5    | memory                     | 70.5 MB  |                     | 70.5 MB         | at most 64 MB          | **not met**, by 6.50 |
| 5    | elsewhere                  |          |                     | not measured    | at most 64 MB          |                      |
`
	if got := Table(someLines); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestRuns(t *testing.T) {
	t.Parallel()
	const want = `| goal | what                       | runs | measured           | runs | against |
| ---- | -------------------------- | ---- | ------------------ | ---- | ------- |
| 1    | ` + "`Read`" + `, 1,000 images: time | 3    | 12.0 ms to 14.0 ms |      |         |
| 5    | memory                     | 2    | 70.0 MB to 71.0 MB |      |         |
`
	if got := Runs(someLines); got != want {
		t.Errorf("got\n%s", got)
	}
}
