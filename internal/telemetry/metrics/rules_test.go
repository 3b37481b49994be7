package metrics_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metricsql"
)

// labels are those that the series of a result have. Nil is a number, which has none and is no series.
type labels map[string]bool

func named(names ...string) labels {
	l := labels{}
	for _, n := range names {
		l[n] = true
	}
	return l
}

func (l labels) with(names ...string) labels {
	l = maps.Clone(l)
	maps.Copy(l, named(names...))
	return l
}

func (l labels) without(names ...string) labels {
	l = maps.Clone(l)
	maps.DeleteFunc(l, func(name string, _ bool) bool { return slices.Contains(names, name) })
	return l
}

func (l labels) String() string { return fmt.Sprint(slices.Sorted(maps.Keys(l))) }

type series struct {
	counter bool
	labels  labels
}

// catalog is the series that a query can ask for, by name.
type catalog map[string]series

// words are all values of the labels that have a fixed list of them. A matcher for another one would match nothing.
var words = map[string][]string{
	"outcome": {
		"ok", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "BAD_USER_INPUT", "CONFLICT", "RATE_LIMITED", "COST_LIMIT_EXCEEDED",
		"PERSISTED_QUERY_NOT_FOUND", "INTERNAL", "committed", "rolled_back",
	},
	"type":      {"query", "mutation", "subscription", "request"},
	"result":    {"near", "far", "shared", "load"},
	"call":      {"read", "fill", "replace", "claim", "probe", "inspect"},
	"verb":      {"select", "insert", "update", "delete", "other"},
	"decision":  {"allowed", "refused"},
	"transport": {"websocket", "sse"},
}

// What a function of a range takes.
const (
	takesCounter = "a counter"
	takesGauge   = "a gauge"
)

// The part of PromQL that the files may use; the parser knows more than Prometheus does.
var (
	rangeFunctions = map[string]string{
		"rate": takesCounter, "increase": takesCounter,
		"deriv": takesGauge, "delta": takesGauge, "changes": takesGauge,
		"avg_over_time": takesGauge, "min_over_time": takesGauge, "max_over_time": takesGauge,
	}
	aggregations = []string{"sum", "min", "max", "avg", "count"}
	arithmetic   = []string{"+", "-", "*", "/", "==", "!=", "<", ">", "<=", ">="}
	sets         = []string{"and", "or", "unless"}
	duration     = regexp.MustCompile(`^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$`)
	plainWords   = regexp.MustCompile(`^\w+(\|\w+)*$`)
)

// query is one expression that is judged by a catalog.
type query struct {
	catalog catalog
	filter  string          // a label that each series must be filtered by, if any
	uses    map[string]bool // names of series
	wrong   []string
}

// judge returns the labels of the series of the result, and records what is wrong.
func (q *query) judge(text string) labels {
	if strings.TrimSpace(text) == "" {
		q.fail("there is no expression")
		return nil
	}
	e, err := metricsql.Parse(text)
	if err != nil {
		q.fail("it does not parse: %v", err)
		return nil
	}
	return q.result(e)
}

func (q *query) fail(format string, args ...any) {
	q.wrong = append(q.wrong, fmt.Sprintf(format, args...))
}

func (q *query) result(e metricsql.Expr) labels {
	switch e := e.(type) {
	case *metricsql.NumberExpr:
		return nil
	case *metricsql.MetricExpr:
		return q.series(e, takesGauge)
	case *metricsql.RollupExpr:
		q.durations(e)
		if e.Window != nil || e.ForSubquery() {
			q.fail("the range %s is in no function of ranges", e.AppendString(nil))
		}
		return q.result(e.Expr)
	case *metricsql.FuncExpr:
		return q.function(e)
	case *metricsql.AggrFuncExpr:
		return q.aggregation(e)
	case *metricsql.BinaryOpExpr:
		return q.binary(e)
	}
	q.fail("%s is not expected here", e.AppendString(nil))
	return nil
}

// series looks one up that is used as something.
func (q *query) series(e *metricsql.MetricExpr, as string) labels {
	if len(e.LabelFilterss) != 1 || e.LabelFilterss[0][0].Label != "__name__" || e.LabelFilterss[0][0].IsRegexp {
		q.fail("%s names no metric", e.AppendString(nil))
		return labels{}
	}
	filters := e.LabelFilterss[0]
	name := filters[0].Value
	q.uses[name] = true
	s, ok := q.catalog[name]
	if !ok {
		q.fail("there is no metric %s", name)
		return labels{}
	}
	if s.counter != (as == takesCounter) {
		q.fail("%s is used as %s", name, as)
	}
	if q.filter != "" && !slices.ContainsFunc(filters, func(f metricsql.LabelFilter) bool { return f.Label == q.filter }) {
		q.fail("%s is not filtered by %s", name, q.filter)
	}
	for _, f := range filters[1:] {
		q.within(s.labels, f.Label)
		values := []string{f.Value}
		if f.IsRegexp && plainWords.MatchString(f.Value) {
			values = strings.Split(f.Value, "|")
		}
		for _, v := range values {
			if known, ok := words[f.Label]; ok && !slices.Contains(known, v) {
				q.fail("the label %s is never %q", f.Label, v)
			}
		}
	}
	return s.labels
}

// within fails for names that are not among the labels.
func (q *query) within(have labels, names ...string) {
	for _, n := range names {
		if !have[n] {
			q.fail("there is no label %s, only %s", n, have)
		}
	}
}

func (q *query) durations(e *metricsql.RollupExpr) {
	for _, d := range []*metricsql.DurationExpr{e.Window, e.Offset, e.Step} {
		if text := string(d.AppendString(nil)); !duration.MatchString(text) {
			q.fail("%s is not a duration of Prometheus", text)
		}
	}
}

func (q *query) function(e *metricsql.FuncExpr) labels {
	if takes, ok := rangeFunctions[e.Name]; ok && len(e.Args) == 1 {
		r, ok := e.Args[0].(*metricsql.RollupExpr)
		if !ok || r.Window == nil {
			q.fail("%s takes a range", e.Name)
			return labels{}
		}
		q.durations(r)
		if metric, ok := r.Expr.(*metricsql.MetricExpr); ok {
			return q.series(metric, takes)
		}
		if takes == takesCounter {
			q.fail("%s takes the range of a counter, not of a result", e.Name)
		}
		return q.result(r.Expr)
	}
	switch {
	case e.Name == "time" && len(e.Args) == 0:
		return nil
	case e.Name == "histogram_quantile" && len(e.Args) == 2:
		have := q.result(e.Args[1])
		if p, ok := e.Args[0].(*metricsql.NumberExpr); !ok || p.N <= 0 || p.N >= 1 {
			q.fail("%s is not a quantile", e.Args[0].AppendString(nil))
		}
		q.within(have, "le")
		return have.without("le")
	}
	q.fail("%s with %d arguments is not expected here", e.Name, len(e.Args))
	return labels{}
}

func (q *query) aggregation(e *metricsql.AggrFuncExpr) labels {
	top := e.Name == "topk" && len(e.Args) == 2
	if (!top && (len(e.Args) != 1 || !slices.Contains(aggregations, e.Name))) || e.Limit != 0 {
		q.fail("%s is not expected here", e.AppendString(nil))
		return labels{}
	}
	have := q.result(e.Args[len(e.Args)-1])
	q.within(have, e.Modifier.Args...)
	switch {
	case have == nil:
		q.fail("%s takes series", e.Name)
		return labels{}
	case top:
		return have
	case strings.EqualFold(e.Modifier.Op, "without"):
		return have.without(e.Modifier.Args...)
	}
	return named(e.Modifier.Args...)
}

// binary finds series that never meet, which Prometheus would answer with nothing at all.
func (q *query) binary(e *metricsql.BinaryOpExpr) labels {
	left, right := q.result(e.Left), q.result(e.Right)
	set := slices.Contains(sets, e.Op)
	switch {
	case !set && !slices.Contains(arithmetic, e.Op):
		q.fail("%s is no operator of Prometheus", e.Op)
	case e.GroupModifier.Op != "" || e.JoinModifier.Op != "":
		q.fail("on, ignoring and group are not expected here")
	case left == nil || right == nil:
		if set {
			q.fail("%s takes series on both sides", e.Op)
		}
		if left == nil {
			return right
		}
	case !maps.Equal(left, right):
		q.fail("series with %s never meet series with %s", left, right)
	}
	return left
}

// TestJudge finds the mistakes that it is there for, and no others.
func TestJudge(t *testing.T) {
	c := catalog{
		"rows":           {false, named("instance", "job")},
		"asked_total":    {true, named("instance", "job", "kind", "result")},
		"seconds_bucket": {true, named("instance", "job", "le")},
		"seconds_sum":    {true, named("instance", "job")},
	}
	for text, want := range map[string]string{
		`max without (instance) (rows) > 10 and max without (instance) (deriv(rows[10m])) > 0`: "",
		`sum without (result) (rate(asked_total{result=~"near|far"}[5m]))`:                     "",
		`topk(3, 1 - sum by (kind) (increase(asked_total[1h] offset 1d)))`:                     "",
		`histogram_quantile(0.99, sum by (le) (rate(seconds_bucket[5m])))`:                     "",
		`sum(rate(asked_totals[5m]))`:                                                          "there is no metric asked_totals",
		`seconds`:                                                                              "there is no metric seconds",
		`rate(rows[5m])`:                                                                       "rows is used as a counter",
		`asked_total > 0`:                                                                      "asked_total is used as a gauge",
		`deriv(asked_total[5m])`:                                                               "asked_total is used as a gauge",
		`rate(asked_total)`:                                                                    "rate takes a range",
		`rate(sum(asked_total)[5m:])`:                                                          "rate takes the range of a counter, not of a result",
		`rows[5m]`:                                                                             "the range rows[5m] is in no function of ranges",
		`rate(asked_total[1.5h])`:                                                              "1.5h is not a duration of Prometheus",
		`rate(asked_total{kinds="user"}[5m])`:                                                  "there is no label kinds",
		`rate(asked_total{result="Near"}[5m])`:                                                 `the label result is never "Near"`,
		`sum by (verb) (rate(asked_total[5m]))`:                                                "there is no label verb",
		`sum without (kind) (sum by (result) (rate(asked_total[5m])))`:                         "there is no label kind",
		`histogram_quantile(0.99, sum(rate(seconds_bucket[5m])))`:                              "there is no label le",
		`histogram_quantile(0.99, rate(seconds_sum[5m]))`:                                      "there is no label le",
		`histogram_quantile(99, rate(seconds_bucket[5m]))`:                                     "99 is not a quantile",
		`sum by (kind) (rate(asked_total[5m])) / sum(rate(asked_total[5m]))`:                   "series with [kind] never meet series with []",
		`rows / on (job) rows`:                                                                 "on, ignoring and group are not expected here",
		`rows default 0`:                                                                       "default is no operator of Prometheus",
		`median(rows)`:                                                                         "median(rows) is not expected here",
		`sum(rate(asked_total[5m])`:                                                            "it does not parse",
		` `:                                                                                    "there is no expression",
		`{job="docsquare"}`:                                                                    `{job="docsquare"} names no metric`,
	} {
		q := query{catalog: c, uses: map[string]bool{}}
		q.judge(text)
		if got := strings.Join(q.wrong, "; "); got != want && (want == "" || !strings.HasPrefix(got, want)) {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
}
