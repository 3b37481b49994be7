package cache_test

import (
	"testing"

	"docsquare/internal/testkit/cachetest"
)

// writerOn returns an instance over a store whose writes can be stopped on their way to it.
func writerOn(t *testing.T, store *cachetest.Memory) *cachetest.Writer {
	t.Helper()
	tier := store.Tier()
	return &cachetest.Writer{Cache: cachetest.Open(t, tier), Stop: tier.Stop}
}

func TestEveryHistoryOfReadersAndAWriter(t *testing.T) {
	store := cachetest.NewMemory()
	other, far := cachetest.Open(t, store.Tier()), cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	cachetest.EveryHistoryOfReadersAndAWriter(t, writerOn(t, store), other, far)
}

func TestEveryHistoryOfAReaderAndTwoWriters(t *testing.T) {
	store := cachetest.NewMemory()
	far := cachetest.Open(t, store.Tier(), cachetest.FarOnly)
	cachetest.EveryHistoryOfAReaderAndTwoWriters(t, writerOn(t, store), writerOn(t, store), far)
}
