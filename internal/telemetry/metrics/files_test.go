package metrics_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"

	dto "github.com/prometheus/client_model/go"
	"go.yaml.in/yaml/v3"
)

// TestFiles compares the rules and the board, which nothing else runs here, with the metrics that there are.
func TestFiles(t *testing.T) {
	families := scraped(t)
	c, uses := scrapedCatalog(families), map[string]bool{}
	t.Run("words", func(t *testing.T) { checkWords(t, families) })
	t.Run("rules", func(t *testing.T) { checkRules(t, c, uses) })
	t.Run("board", func(t *testing.T) { checkBoard(t, c, uses) })
	t.Run("all", func(t *testing.T) {
		for name := range families {
			shown := slices.ContainsFunc([]string{"", "_bucket", "_sum", "_count"}, func(suffix string) bool { return uses[name+suffix] })
			if strings.HasPrefix(name, "docsquare_") && !shown {
				t.Errorf("%s is neither on the board nor in a rule", name)
			}
		}
	})
}

// scrapedCatalog is what Prometheus makes of a scrape.
func scrapedCatalog(families map[string]*dto.MetricFamily) catalog {
	c := catalog{}
	for name, family := range families {
		have := named("instance", "job")
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				have[l.GetName()] = true
			}
		}
		kind := family.GetType()
		switch kind {
		case dto.MetricType_HISTOGRAM:
			c[name+"_bucket"] = series{true, have.with("le")}
		case dto.MetricType_SUMMARY:
			c[name] = series{false, have.with("quantile")}
		default:
			c[name] = series{kind == dto.MetricType_COUNTER, have}
			continue
		}
		c[name+"_sum"], c[name+"_count"] = series{true, have}, series{true, have}
	}
	return c
}

// checkWords finds values that are not in the lists that matchers are compared with.
func checkWords(t *testing.T, families map[string]*dto.MetricFamily) {
	for name, family := range families {
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				if known, ok := words[l.GetName()]; ok && strings.HasPrefix(name, "docsquare_") && !slices.Contains(known, l.GetValue()) {
					t.Errorf("%s has the %s %q, which is not in words", name, l.GetName(), l.GetValue())
				}
			}
		}
	}
}

type rule struct {
	Record, Alert, Expr, For string
	Labels, Annotations      map[string]string
}

// The names in alerts.yml.
var (
	recordName = regexp.MustCompile(`^[a-z_]+(:[a-z0-9_]+)+$`)
	alertName  = regexp.MustCompile(`^([A-Z][a-z]+)+$`)
	severities = []string{"critical", "warning", "info"}
)

// checkRules adds the recorded series to the catalog.
func checkRules(t *testing.T, c catalog, uses map[string]bool) {
	var file struct {
		Groups []struct {
			Name  string
			Rules []rule
		}
	}
	d := yaml.NewDecoder(bytes.NewReader(read(t, "alerts.yml")))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, g := range file.Groups {
		if g.Name == "" || seen[g.Name] || len(g.Rules) == 0 {
			t.Errorf("the group %q has no unique name, or no rules", g.Name)
		}
		seen[g.Name] = true
		for _, r := range g.Rules {
			name := r.Record + r.Alert
			if seen[name] || (r.Record == "") == (r.Alert == "") {
				t.Errorf("%q is not one rule with one name", name)
			}
			seen[name] = true
			q := query{catalog: c, uses: uses}
			have := q.judge(r.Expr)
			if have == nil {
				q.fail("it gives no series")
			}
			if r.Alert != "" {
				q.alert(r, have)
			} else {
				c[r.Record] = series{false, have.with(slices.Collect(maps.Keys(r.Labels))...)}
				if !recordName.MatchString(r.Record) || r.For != "" || r.Annotations != nil {
					q.fail("a record has a name with colons, and nothing of an alert")
				}
			}
			q.report(t, name)
		}
	}
	for name := range c {
		if strings.Contains(name, ":") && !uses[name] {
			t.Errorf("%s is recorded and not used", name)
		}
	}
}

// What Prometheus offers to annotations.
var (
	expanders  = template.FuncMap{"humanize": same, "humanizePercentage": same, "humanizeDuration": same, "humanize1024": same}
	alertLabel = regexp.MustCompile(`\$labels\.(\w+)`)
)

func same(v any) any { return v }

func (q *query) alert(r rule, have labels) {
	if !alertName.MatchString(r.Alert) || !slices.Contains(severities, r.Labels["severity"]) {
		q.fail("the alert %q has the severity %q, want one of %v", r.Alert, r.Labels["severity"], severities)
	}
	if strings.TrimSpace(r.For) != r.For || !duration.MatchString(r.For) {
		q.fail("for %q is not a duration of Prometheus", r.For)
	}
	for _, part := range []string{"summary", "description", "action"} {
		text := r.Annotations[part]
		if !strings.HasSuffix(text, ".") {
			q.fail("the %s is no sentence: %q", part, text)
		}
		if _, err := template.New(part).Funcs(expanders).Parse(`{{ $labels := .Labels }}{{ $value := .Value }}` + text); err != nil {
			q.fail("%v", err)
		}
		for _, m := range alertLabel.FindAllStringSubmatch(text, -1) {
			q.within(have, m[1])
		}
	}
}

func (q *query) report(t *testing.T, name string) {
	t.Helper()
	for _, w := range q.wrong {
		t.Errorf("%s: %s", name, w)
	}
}

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Datasource               struct{ UID string }
	FieldConfig              struct{ Defaults struct{ Unit string } }
	Targets                  []struct{ RefID, Expr, LegendFormat string }
	Panels                   []any
}

// The rows of the board, and what Grafana puts in place of its variables.
var (
	rows        = []string{"Operations", "Collapse", "Cache", "Redis", "Outbox and audit", "Database", "Live", "Process"}
	variables   = strings.NewReplacer("$__rate_interval", "5m", "$__range", "3h", "$instance", "a:1|b:1")
	legendLabel = regexp.MustCompile(`{{\s*(\w+)\s*}}`)
	labelValues = regexp.MustCompile(`^label_values\((\w+), (\w+)\)$`)
)

func checkBoard(t *testing.T, c catalog, uses map[string]bool) {
	var board struct {
		UID, Title    string
		SchemaVersion int
		Templating    struct {
			List []struct {
				Name, Type, Definition string
				Query                  any
			}
		}
		Panels []panel
	}
	if err := json.Unmarshal(read(t, "grafana.json"), &board); err != nil {
		t.Fatal(err)
	}
	if board.UID == "" || board.Title == "" || board.SchemaVersion < 39 {
		t.Errorf("the board has the uid %q, the title %q and the schema %d", board.UID, board.Title, board.SchemaVersion)
	}
	var names []string
	for _, v := range board.Templating.List {
		names = append(names, v.Name)
		if v.Type != "query" {
			continue
		}
		q := query{catalog: c, uses: uses}
		if m := labelValues.FindStringSubmatch(v.Definition); m == nil {
			q.fail("%q asks for no values", v.Definition)
		} else {
			q.within(q.judge(m[1]), m[2])
		}
		q.report(t, "variable "+v.Name)
	}
	if !slices.Equal(names, []string{"datasource", "instance"}) {
		t.Errorf("the variables are %v", names)
	}
	var titles []string
	ids := map[int]string{}
	for i, p := range board.Panels {
		q := query{catalog: c, filter: "instance", uses: uses}
		if other, taken := ids[p.ID]; taken || p.ID < 1 {
			q.fail("the id %d is taken by %s", p.ID, other)
		}
		ids[p.ID] = p.Title
		if g := p.GridPos; g.X < 0 || g.Y < 0 || g.W < 1 || g.H < 1 || g.X+g.W > 24 {
			q.fail("it is not on the grid: %+v", g)
		}
		for _, other := range board.Panels[:i] {
			if p.overlaps(other) {
				q.fail("it overlaps %s", other.Title)
			}
		}
		if p.Type == "row" {
			titles = append(titles, p.Title)
			if len(p.Panels) > 0 {
				q.fail("its panels are hidden in it, where nothing looks at them")
			}
		} else {
			q.panel(p)
		}
		q.report(t, "panel "+p.Title)
	}
	if !slices.Equal(titles, rows) {
		t.Errorf("the rows are %q, want %q", titles, rows)
	}
}

func (p panel) overlaps(o panel) bool {
	a, b := p.GridPos, o.GridPos
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

func (q *query) panel(p panel) {
	if p.Title == "" || !strings.HasSuffix(p.Description, ".") || p.FieldConfig.Defaults.Unit == "" || p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
		q.fail("the title, description, unit, data source or target is missing")
	}
	refs := map[string]bool{}
	for _, target := range p.Targets {
		if target.RefID == "" || refs[target.RefID] || target.LegendFormat == "" {
			q.fail("the target %q has no unique reference, or no legend", target.RefID)
		}
		refs[target.RefID] = true
		have := q.judge(variables.Replace(target.Expr))
		for _, m := range legendLabel.FindAllStringSubmatch(target.LegendFormat, -1) {
			q.within(have, m[1])
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
