package measure

import (
	"slices"
	"testing"
)

const printed = `goos: linux
goarch: amd64
pkg: terraform.local/pai/terraform-provider-pai/internal/provider/images
BenchmarkReadDataSource/way=direct/images=1000-2         	      90	  13000000 ns/op	 6500000 B/op	   33000 allocs/op
BenchmarkReadDataSource/way=direct/images=1000-2         	      92	  12000000 ns/op	 6400000 B/op	   33000 allocs/op
BenchmarkReadDataSource/way=structs/images=1000-2        	       1	1180000000 ns/op	491000000 B/op	 8100000 allocs/op
BenchmarkReadDataSource/way=structs/images=100           	      10	 118000000 ns/op	 49100000 B/op	  810000 allocs/op
BenchmarkOther-2                                         	      10	         1 ns/op	        1 B/op	       1 allocs/op
PASS
ok  	terraform.local/pai/terraform-provider-pai/internal/provider/images	12.345s
`

func TestReadFigures(t *testing.T) {
	t.Parallel()
	f := figures{}
	if err := f.read(printed); err != nil {
		t.Fatal(err)
	}
	if len(f) != 3 {
		t.Errorf("got %d parts: %v", len(f), f)
	}
	direct := f[part("direct", 1000)]
	slices.Sort(direct.time.Values)
	slices.Sort(direct.bytes.Values)
	if !slices.Equal(direct.time.Values, []float64{0.012, 0.013}) || !slices.Equal(direct.bytes.Values, []float64{6_400_000, 6_500_000}) {
		t.Errorf("got %v", direct)
	}
	// On one processor the name has no number behind it.
	if got := f[part("structs", 100)].time.String(); got != "118 ms" {
		t.Errorf("got %s", got)
	}
}

func TestReadFiguresOfNothing(t *testing.T) {
	t.Parallel()
	f := figures{}
	if err := f.read("testing: warning: no tests to run\nPASS\n"); err != nil || len(f) != 0 {
		t.Errorf("got %v, %v", f, err)
	}
}
