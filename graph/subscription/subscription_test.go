package subscription_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"docsquare/graph/subscription"
)

// TestWritesDuringSteps has a step find several rows and send one of them at a time. A row that is written while the subscription sends what it
// has found is sent too, at whichever step it is written.
func TestWritesDuringSteps(t *testing.T) {
	for _, sure := range []bool{true, false} {
		for during := 1; during <= 3; during++ { // one step for each row
			t.Run(fmt.Sprintf("sure=%v during step %d", sure, during), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), time.Hour) // of the bubble: Answer returns nil if nothing wakes it
					defer cancel()
					sub := subscription.New(ctx)
					rows, found, steps := []int{1, 2, 3}, []int(nil), 0
					looked := 0 // how many rows the looks have found
					var sent []int
					sub.Step = func(context.Context, bool) (shown, last bool, err error) {
						if len(found) == 0 {
							found, looked = rows[looked:], len(rows)
						}
						if steps++; steps == during {
							rows = append(slices.Clone(rows), 4)
							sub.Written(sure)
						}
						if len(found) == 0 {
							return false, false, nil
						}
						sent, found = append(sent, found[0]), found[1:]
						if len(found) > 0 {
							sub.Continue()
						}
						return true, false, nil
					}
					sub.Written(sure) // of the first rows
					for more := true; more && len(sent) < 4; {
						more = answer(ctx, sub) != nil
					}
					if !slices.Equal(sent, []int{1, 2, 3, 4}) {
						t.Errorf("sent are %v", sent)
					}
				})
			})
		}
	}
}

// answer returns the next answer, nil if the context ends before there is one.
func answer(ctx context.Context, sub *subscription.Subscription) *graphql.Response {
	look := func(ctx context.Context, answer graphql.ResponseHandler) *graphql.Response { return answer(ctx) }
	next := func(context.Context) *graphql.Response { return &graphql.Response{} }
	failed := func(context.Context, error) *graphql.Response { return nil }
	return sub.Answer(ctx, look, next, failed)
}
