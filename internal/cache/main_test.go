package cache_test

import (
	"testing"

	"docsquare/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
