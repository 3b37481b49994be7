package metrics_test

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"go.yaml.in/yaml/v3"

	"docsquare/internal/testkit"
)

// catalog is the labels of each series, by name. Those of a recorded series are not known.
type catalog map[string][]string

// suffixes are what Prometheus appends to the names of histograms.
var suffixes = []string{"", "_bucket", "_sum", "_count"}

// newCatalog returns the series that Prometheus makes of a scrape.
func newCatalog(families map[string]*dto.MetricFamily) catalog {
	c := catalog{}
	for name, family := range families {
		have := []string{"instance", "job", "le", "quantile"}
		for _, m := range family.GetMetric() {
			for _, l := range m.GetLabel() {
				have = append(have, l.GetName())
			}
		}
		for _, s := range suffixes {
			c[name+s] = have
			if kind := family.GetType(); kind != dto.MetricType_HISTOGRAM && kind != dto.MetricType_SUMMARY {
				break
			}
		}
	}
	return c
}

// The parts of an expression that name something.
var (
	texts     = regexp.MustCompile(`"(\\.|[^"\\])*"|\[[^\]]*\]|\b[0-9][0-9.a-z]*`)
	matchers  = regexp.MustCompile(`\{[^}]*\}`)
	groupings = regexp.MustCompile(`\b(by|without)\s*\([^)]*\)`)
	calls     = regexp.MustCompile(`\w+\s*\(`)
	names     = regexp.MustCompile(`[a-zA-Z_][a-zA-Z0-9_:]*`)
	operators = []string{"and", "or", "unless", "by", "without", "offset"}
)

// check fails for names of series and labels that do not exist, and adds the series to used.
func (c catalog) check(t *testing.T, where, expression string, used map[string]bool, further ...string) {
	t.Helper()
	rest := texts.ReplaceAllString(expression, "")
	labels := strings.Join(append(matchers.FindAllString(rest, -1), groupings.FindAllString(rest, -1)...), " ")
	rest = calls.ReplaceAllString(groupings.ReplaceAllString(matchers.ReplaceAllString(rest, ""), ""), "")
	var have []string
	recorded := false
	for _, name := range names.FindAllString(rest, -1) {
		if slices.Contains(operators, name) {
			continue
		}
		used[name] = true
		known, ok := c[name]
		if !ok {
			t.Errorf("%s: there is no metric %s", where, name)
		}
		have, recorded = append(have, known...), recorded || known == nil
	}
	if recorded { // its labels are not known
		return
	}
	for _, label := range append(names.FindAllString(labels, -1), further...) {
		if !slices.Contains(operators, label) && !slices.Contains(have, label) {
			t.Errorf("%s: there is no label %s", where, label)
		}
	}
}

// TestFiles checks that the rules and the board name only metrics and labels that exist, and show every metric.
func TestFiles(t *testing.T) {
	families, used := scraped(t), map[string]bool{}
	c := newCatalog(families)
	checkRules(t, c, used)
	checkBoard(t, c, used)
	for name := range families {
		if strings.HasPrefix(name, "docsquare_") && !slices.ContainsFunc(suffixes, func(s string) bool { return used[name+s] }) {
			t.Errorf("%s is neither on the board nor in a rule", name)
		}
	}
}

var alertLabel, legendLabel = regexp.MustCompile(`\$labels\.(\w+)`), regexp.MustCompile(`{{\s*(\w+)\s*}}`)

// submatches returns the first group of each match.
func submatches(r *regexp.Regexp, text string) (list []string) {
	for _, m := range r.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}

// checkRules adds the recorded series to the catalog.
func checkRules(t *testing.T, c catalog, used map[string]bool) {
	t.Helper()
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Record, Alert, Expr, For string
				Labels, Annotations      map[string]string
			}
		}
	}
	d := yaml.NewDecoder(bytes.NewReader(read(t, "alerts.yml")))
	d.KnownFields(true)
	testkit.Must(t, d.Decode(&file))
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			a := r.Annotations
			c.check(t, r.Record+r.Alert, r.Expr, used, submatches(alertLabel, a["summary"]+a["description"]+a["action"])...)
			if r.Record != "" {
				c[r.Record] = nil
				continue
			}
			if r.Labels["severity"] == "" || a["summary"] == "" || a["description"] == "" || a["action"] == "" {
				t.Errorf("%s has no severity, summary, description or action", r.Alert)
			}
		}
	}
}

func checkBoard(t *testing.T, c catalog, used map[string]bool) {
	t.Helper()
	var board struct {
		Panels []struct {
			Type, Title, Description string
			Targets                  []struct{ Expr, LegendFormat string }
		}
	}
	testkit.Must(t, json.Unmarshal(read(t, "grafana.json"), &board))
	for _, p := range board.Panels {
		if p.Type == "row" {
			continue
		}
		if p.Title == "" || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("the panel %q has no title, description or target", p.Title)
		}
		for _, target := range p.Targets {
			c.check(t, p.Title, target.Expr, used, submatches(legendLabel, target.LegendFormat)...)
		}
	}
}

// TestCheckFindsNames checks the check: it finds what an expression names.
func TestCheckFindsNames(t *testing.T) {
	c := catalog{"rows": {"instance"}, "asked_total": {"kind", "result", "le"}, "seconds:rate": nil}
	used := map[string]bool{}
	for _, good := range []string{
		`max without (instance) (rows) > 10 and max without(instance) (deriv(rows[10m])) > 0`,
		`histogram_quantile(0.99, sum by (le) (rate(asked_total{result=~"near|far",kind="user"}[$__rate_interval] offset 1d)))`,
		`seconds:rate / 1e3 > 0.5`,
	} {
		c.check(t, good, good, used)
	}
	if len(used) != len(c) {
		t.Errorf("found %v", used)
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	testkit.Must(t, err)
	return text
}
