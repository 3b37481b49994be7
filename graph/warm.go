package graph

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"docsquare/graph/exec"
	"docsquare/graph/loader"
	"docsquare/graph/quota"
	"docsquare/graph/request"
	"docsquare/internal/cache"
	"docsquare/internal/httpserver"
	"docsquare/internal/kinds/hotset"
	"docsquare/internal/nodeid"
	"docsquare/internal/page"
)

//go:embed warm/warm.graphql
var warmDocument string

// hotOperation is the operation of the warm-up that asks for the hot set; all others need no variables.
const hotOperation = "Hot"

// hotChunk is how much of the hot set is asked for at once.
const hotChunk = page.MaxSize / 4

// redisPatience is how long a warm-up waits for Redis.
const redisPatience = 3 * time.Second

// Warming fills the cache with what is asked for first and most, by asking for it as a guest would.
type Warming struct {
	Sources    loader.Sources
	Remembered func(context.Context) (hotset.Set, error) // what was asked for most before
	Timeout    time.Duration                             // of one operation
	Log        *slog.Logger
}

// question is one operation of the warm-up.
type question struct {
	name      string
	variables map[string]any
}

// errNotWarm is returned if Redis, which a warm-up is for, was not in use.
var errNotWarm = errors.New("the cache in Redis is not warm, for REDIS_URL leads to no Redis in order: the log says why")

// Now warms the cache as fast as it can, and fails where a Redis that is configured was not in use. Progress is called after
// each operation.
func (w Warming) Now(ctx context.Context, progress func(done, total int)) error {
	err := w.run(ctx, progress, false)
	if err == nil && w.Sources.Cache.State() == cache.Degraded {
		return errNotWarm
	}
	return err
}

// Keep warms the cache in parallel with the first requests, unless its limit is 0, opens the gate, and then remembers what is hot until
// the context ends.
func (w Warming) Keep(ctx context.Context, hot *hotset.Service, gate *httpserver.Gate, limit time.Duration) {
	if limit > 0 {
		if err := w.run(ctx, gate.Progress, true); err != nil && ctx.Err() == nil {
			w.Log.WarnContext(ctx, "cache warm-up incomplete", "error", err)
		}
	}
	gate.Open()
	hot.Keep(ctx)
}

// run asks one operation after another until all are answered or the context ends, once Redis is in use where one is
// configured; gently is to rest after each for as long as it took, to leave the database to requests. What fails does not
// keep the others from being asked; its error is returned at the end.
func (w Warming) run(ctx context.Context, progress func(done, total int), gently bool) error {
	if err := w.awaitRedis(ctx); err != nil {
		return err
	}
	hot, err := w.Remembered(ctx)
	if err != nil {
		return err
	}
	questions, err := questions(hot)
	if err != nil {
		return err
	}
	runner := executor.New(Executor(w.Sources, exec.Options{}))
	runner.SetErrorPresenter(errorPresenter(w.Log, true))
	runner.SetRecoverFunc(recovered)
	runner.AroundOperations(operate(w.Sources, Options{Timeout: w.Timeout, Log: w.Log}, &quota.Extension{}))
	var failed error
	for i, q := range questions {
		began := time.Now()
		if err := ask(ctx, runner, q); err != nil {
			failed = err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		progress(i+1, len(questions))
		if gently {
			rest(ctx, time.Since(began))
		}
	}
	return failed
}

// awaitRedis waits until Redis is in use, or is not going to be any time soon: then the process alone is warmed.
func (w Warming) awaitRedis(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(ctx, redisPatience)
	defer cancel()
	_ = w.Sources.Cache.Ready(bounded)
	return ctx.Err()
}

func questions(hot hotset.Set) ([]question, error) {
	document, err := parser.ParseQuery(&ast.Source{Name: "warm.graphql", Input: warmDocument})
	if err != nil {
		return nil, err
	}
	var list []question
	for _, op := range document.Operations {
		if op.Name != hotOperation {
			list = append(list, question{name: op.Name})
		}
	}
	ids := make([]any, 0, len(hot.Documents)+len(hot.Users))
	for _, id := range hot.Documents {
		ids = append(ids, nodeid.ID{Type: nodeid.Document, UUID: id}.String())
	}
	for _, id := range hot.Users {
		ids = append(ids, nodeid.ID{Type: nodeid.User, UUID: id}.String())
	}
	for chunk := range slices.Chunk(ids, hotChunk) {
		list = append(list, question{hotOperation, map[string]any{"ids": chunk}})
	}
	return list, nil
}

func ask(ctx context.Context, runner *executor.Executor, q question) error {
	ctx = graphql.StartOperationTrace(&request.Request{Context: ctx})
	op, errs := runner.CreateOperationContext(ctx, &graphql.RawParams{Query: warmDocument, OperationName: q.name, Variables: q.variables})
	if len(errs) > 0 {
		return fmt.Errorf("warm %s: %w", q.name, errs)
	}
	answers, ctx := runner.DispatchOperation(ctx, op)
	if response := answers(ctx); response != nil && len(response.Errors) > 0 {
		return fmt.Errorf("warm %s: %w", q.name, response.Errors)
	}
	return nil
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
