package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"docsquare/internal/store"
	"docsquare/internal/testkit"
)

// BenchmarkWriters measures small writes of concurrent writers.
func BenchmarkWriters(b *testing.B) {
	for _, dialect := range dialects {
		for _, writers := range []int{1, 8, 32} {
			b.Run(fmt.Sprint(dialect, "/", writers), func(b *testing.B) {
				s, err := store.Open(b.Context(), testkit.Database(b, dialect), quiet(), silent)
				testkit.Must(b, err)
				defer shut(s)
				var n atomic.Int64
				write := func() {
					err := s.Write(b.Context(), func(tx *store.Tx) error { return named(b.Context(), tx, fmt.Sprint(n.Add(1))) })
					if err != nil {
						b.Error(err)
					}
				}
				var all atomic.Int64
				left := make(chan struct{}, writers)
				b.ResetTimer()
				for range writers {
					go func() {
						for all.Add(1) <= int64(b.N) {
							write()
						}
						left <- struct{}{}
					}()
				}
				for range writers {
					<-left
				}
			})
		}
	}
}
