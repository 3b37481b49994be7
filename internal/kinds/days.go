package kinds

import "time"

// Day is a day in UTC, counted from 1 January of the year 1, which is 1. The zero value is no day.
type Day int32

// MaxDay is the last day of the year 9999.
const MaxDay Day = 3_652_059

const secondsOfDay = 24 * 60 * 60

// dayZero is the day before day 1, in seconds since 1970.
var dayZero = time.Date(0, time.December, 31, 0, 0, 0, 0, time.UTC).Unix()

// DayOf returns the day of a moment: the first or the last day that there is if the moment is before or after those.
func DayOf(t time.Time) Day {
	return Day(min(max((t.Unix()-dayZero)/secondsOfDay, 1), int64(MaxDay)))
}

// Start returns the moment at which the day begins.
func (d Day) Start() time.Time { return time.Unix(dayZero+int64(d)*secondsOfDay, 0).UTC() }

// Days are consecutive days. A zero end is open; the zero value has all days.
type Days struct {
	From, To Day // both included
}

// possible reports whether there is such a day.
func (d Days) possible() bool { return d.To == 0 || d.From <= d.To }
