package report

import (
	"io"
	"iter"
	"runtime"
	"testing"

	"first5/app"
)

// BenchmarkFile measures what a file of 100,000 records costs in each format: how
// many a second, and how much memory the program has at most.
func BenchmarkFile(b *testing.B) {
	const records = 100_000
	for _, f := range Formats() {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			var peak uint64
			size := &counted{}
			for b.Loop() {
				_, err := fileOf(f).Write(size, watched(many(records), &peak))
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*records/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(size.bytes)/float64(b.N)/1e6, "MB-file")
			b.ReportMetric(float64(peak)/1e6, "MB-heap-peak")
		})
	}
}

// counted counts what is written.
type counted struct{ bytes int64 }

func (c *counted) Write(b []byte) (int, error) {
	c.bytes += int64(len(b))
	return io.Discard.Write(b)
}

// watched looks now and then at how much memory is in use.
func watched(records iter.Seq2[app.Record, error], peak *uint64) iter.Seq2[app.Record, error] {
	return func(yield func(app.Record, error) bool) {
		n := 0
		for r, err := range records {
			if n++; n%5000 == 0 {
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				*peak = max(*peak, now.HeapInuse)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}
