package redis_test

import (
	"testing"

	"docsquare/internal/cache"
	"docsquare/internal/testkit"
	"docsquare/internal/testkit/cachetest"
)

func TestContract(t *testing.T) {
	server := testkit.Redis(t)
	cachetest.Contract(t, func() cache.Far { return tierOf(far(t, server), server) })
}
