package cache_test

import (
	"testing"

	"docsquare/internal/testkit/cachetest"
)

func TestStateWithoutRedis(t *testing.T) {
	c := cachetest.Open(t, nil)
	c.Settle()
	if got := c.State(); got != "off" {
		t.Fatalf("got %s", got)
	}
}
