package kinds

import (
	"testing"
	"time"
)

func TestDays(t *testing.T) {
	for text, want := range map[string]Day{"0001-01-01": 1, "1970-01-01": 719_163, "1969-12-31": 719_162, "2026-03-01": 739_676, "9999-12-31": MaxDay} {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayOf(at); got != want || DayOf(at.Add(24*time.Hour-1)) != want || !got.Start().Equal(at) {
			t.Errorf("%s is day %d, which begins at %v; want %d", text, got, got.Start(), want)
		}
	}
	if first, last := DayOf(time.Time{}.AddDate(-5, 0, 0)), DayOf(time.Time{}.AddDate(20_000, 0, 0)); first != 1 || last != MaxDay {
		t.Errorf("days that do not exist are %d and %d", first, last)
	}
	east := time.FixedZone("east", 8*60*60)
	if got, want := DayOf(time.Date(2026, time.March, 2, 7, 59, 0, 0, east)), DayOf(time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)); got != want {
		t.Errorf("a moment in the east is on day %d, want %d", got, want)
	}
}

func TestPossibleDays(t *testing.T) {
	for d, want := range map[Days]bool{{}: true, {From: 2}: true, {To: 2}: true, {From: 2, To: 2}: true, {From: 3, To: 2}: false} {
		if got := (SquareFilter{Published: d}).possible(); got != want {
			t.Errorf("%+v: %v", d, got)
		}
	}
}
