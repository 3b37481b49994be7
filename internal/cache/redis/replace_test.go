package redis

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"

	"docsquare/internal/cache"
)

// TestConcurrentReplacementsShareARoundTrip sends what arrives during one call with the next one, and gives each caller the result of its
// own round trip.
func TestConcurrentReplacementsShareARoundTrip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent [][]cache.Tag
		turn, refused := make(chan struct{}), errors.New("refused")
		r := &replacer{send: func(_ context.Context, tags []cache.Tag, stamps []cache.Stamp) (string, error) {
			if len(tags) != len(stamps) {
				t.Errorf("%d tags, %d stamps", len(tags), len(stamps))
			}
			sent = append(sent, tags)
			<-turn
			if len(sent) == 2 {
				return "", refused
			}
			return strconv.Itoa(len(sent)), nil
		}}
		results := map[string]func() (string, error){}
		call := func(tag string) {
			var position string
			var err error
			go func() { position, err = r.replace(t.Context(), []cache.Tag{tag}, make([]cache.Stamp, 1)) }()
			results[tag] = func() (string, error) { return position, err }
			synctest.Wait()
		}
		call("a")
		call("b")
		call("c")
		turn <- struct{}{} // ends a, begins b and c
		synctest.Wait()
		call("d")
		turn <- struct{}{} // ends b and c, begins d
		synctest.Wait()
		turn <- struct{}{}
		synctest.Wait()
		call("e") // nothing is in progress
		turn <- struct{}{}
		synctest.Wait()
		want := [][]cache.Tag{{"a"}, {"b", "c"}, {"d"}, {"e"}}
		if !slices.EqualFunc(sent, want, slices.Equal) {
			t.Errorf("sent %v, want %v", sent, want)
		}
		for tag, position := range map[string]string{"a": "1", "b": "", "c": "", "d": "3", "e": "4"} {
			got, err := results[tag]()
			if got != position || errors.Is(err, refused) != (position == "") {
				t.Errorf("%s: %q, %v", tag, got, err)
			}
		}
	})
}
