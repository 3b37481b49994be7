package cachetest_test

import (
	"testing"

	"docsquare/internal/cache"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestContract(t *testing.T) {
	store := cachetest.NewMemory()
	cachetest.Contract(t, func() cache.Far { return store.Tier() })
}
