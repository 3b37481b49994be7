package ratelimit

import (
	"strconv"
	"testing"
	"time"

	"docsquare/internal/testkit"
)

func BenchmarkTakeInProcess(b *testing.B) {
	l := New(Options{})
	b.Cleanup(l.Close)
	measure(b, l, per("user:6ba7b810-9dad-11d1-80b4-00c04fd430c8", 1_000_000_000, time.Minute))
}

func BenchmarkTakeTwoBuckets(b *testing.B) {
	l := New(Options{})
	b.Cleanup(l.Close)
	measure(b, l, per("user:6ba7b810-9dad-11d1-80b4-00c04fd430c8", 1_000_000_000, time.Minute), per("2001:db8::1", 1_000_000_000, time.Hour))
}

func BenchmarkTakeLeased(b *testing.B) {
	server := testkit.Redis(b)
	l, _ := limiter(b, server.Addr, server.Prefix, patient)
	measure(b, l, per("user:6ba7b810-9dad-11d1-80b4-00c04fd430c8", 1_000_000_000, time.Minute))
}

func BenchmarkTakeExact(b *testing.B) {
	server := testkit.Redis(b)
	l, _ := limiter(b, server.Addr, server.Prefix, patient)
	measure(b, l, per("a", 1_000_000_000, time.Second))
}

func BenchmarkTakeRefused(b *testing.B) {
	server := testkit.Redis(b)
	l, _ := limiter(b, server.Addr, server.Prefix, patient)
	login := per("login:ada", 10, ages)
	take(b, l, 10, login)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = l.Take(b.Context(), 1, login)
	}
}

// BenchmarkTakeFlood never meets a bucket again.
func BenchmarkTakeFlood(b *testing.B) {
	l := New(Options{})
	b.Cleanup(l.Close)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		take(b, l, 1, per("address:"+strconv.Itoa(i), 60, time.Minute))
	}
}

func measure(b *testing.B, l *Limiter, buckets ...Bucket) {
	b.Helper()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := l.Take(b.Context(), 1, buckets...); err != nil {
				b.Error(err)
			}
		}
	})
}
