package dashboard

import (
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// prefix is before the name of every metric of the server itself.
const prefix = "docsquare_"

// reading is all metrics at one moment.
type reading struct {
	at       time.Time
	families map[string]*dto.MetricFamily
}

func read(from prometheus.Gatherer) (reading, error) {
	families, err := from.Gather()
	r := reading{time.Now(), make(map[string]*dto.MetricFamily, len(families))}
	for _, f := range families {
		r.families[f.GetName()] = f
	}
	return r, err
}

// each calls f for each series of a metric that has the labels, given in pairs.
func (r reading) each(name string, f func(*dto.Metric), labels ...string) {
	family := r.families[name]
	if family == nil {
		return
	}
	for _, m := range family.GetMetric() {
		if has(m, labels) {
			f(m)
		}
	}
}

func has(m *dto.Metric, labels []string) bool {
	for i := 0; i < len(labels); i += 2 {
		if label(m, labels[i]) != labels[i+1] {
			return false
		}
	}
	return true
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

func value(m *dto.Metric) float64 {
	if c := m.GetCounter(); c != nil {
		return c.GetValue()
	}
	return m.GetGauge().GetValue()
}

// sum is a metric of the server, over all series with the labels.
func (r reading) sum(name string, labels ...string) (total float64) {
	r.each(prefix+name, func(m *dto.Metric) { total += value(m) }, labels...)
	return total
}

// maybe is a metric that is not always there.
func (r reading) maybe(name string) *float64 {
	if r.families[prefix+name] == nil {
		return nil
	}
	v := r.sum(name)
	return &v
}

// other is a metric of the runtime or the process.
func (r reading) other(name string) (total float64) {
	r.each(name, func(m *dto.Metric) { total += value(m) })
	return total
}

func (r reading) outbox() *Outbox {
	rows := r.maybe("outbox_rows")
	if rows == nil {
		return nil
	}
	return &Outbox{*rows, r.sum("outbox_oldest_seconds")}
}

// buckets is a histogram over all its series: how many were at most so long, by the bound in seconds.
func (r reading) buckets(name string) map[float64]float64 {
	counts := map[float64]float64{}
	r.each(prefix+name, func(m *dto.Metric) {
		h := m.GetHistogram()
		for _, b := range h.GetBucket() {
			counts[b.GetUpperBound()] += float64(b.GetCumulativeCount())
		}
		counts[infinity] += float64(h.GetSampleCount())
	})
	return counts
}

// difference is what happened between two readings.
type difference struct {
	before, now reading
	seconds     float64
}

func (d difference) rate(name string, labels ...string) float64 {
	return max(d.now.sum(name, labels...)-d.before.sum(name, labels...), 0) / d.seconds
}

// work is what a histogram measures.
func (d difference) work(histogram string, errors float64) Work {
	counts, before := d.now.buckets(histogram), d.before.buckets(histogram)
	for bound := range counts {
		counts[bound] = max(counts[bound]-before[bound], 0) // counters restart at 0 with each process
	}
	return Work{
		Rate: counts[infinity] / d.seconds, Errors: max(errors, 0),
		P50: quantile(counts, 0.50), P95: quantile(counts, 0.95), P99: quantile(counts, 0.99),
	}
}

// loads counts keys, where the histogram counts calls.
func (d difference) loads() Work {
	w := d.work("cache_load_duration_seconds", d.rate("cache_load_failures_total"))
	w.Rate = d.rate("cache_requests_total", "result", "load")
	return w
}

func (d difference) kinds() []Kind {
	kinds := map[string]*Kind{}
	collect := func(name, result string, f func(*Kind, float64)) {
		labels := []string{}
		if result != "" {
			labels = []string{"result", result}
		}
		d.now.each(prefix+name, func(m *dto.Metric) {
			kind := label(m, "kind")
			if kinds[kind] == nil {
				kinds[kind] = &Kind{Name: kind}
			}
			f(kinds[kind], value(m))
		}, labels...)
	}
	rate := func(name, result string, f func(*Kind, float64)) {
		collect(name, result, func(k *Kind, v float64) {
			labels := []string{"kind", k.Name}
			if result != "" {
				labels = append(labels, "result", result)
			}
			f(k, max(v-d.before.sum(name, labels...), 0)/d.seconds)
		})
	}
	collect("cache_near_entries", "", func(k *Kind, v float64) { k.Entries = v })
	collect("cache_near_bytes", "", func(k *Kind, v float64) { k.Bytes = v })
	rate("cache_requests_total", "near", func(k *Kind, v float64) { k.Near = v })
	rate("cache_requests_total", "far", func(k *Kind, v float64) { k.Far = v })
	rate("cache_requests_total", "shared", func(k *Kind, v float64) { k.Shared = v })
	rate("cache_requests_total", "load", func(k *Kind, v float64) { k.Loads = v })
	rate("cache_negative_total", "", func(k *Kind, v float64) { k.Negative = v })
	rate("cache_stale_served_total", "", func(k *Kind, v float64) { k.Stale = v })
	list := make([]Kind, 0, len(kinds))
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		if k := kinds[name]; *k != (Kind{Name: name}) { // an unused kind is left out
			list = append(list, *k)
		}
	}
	return list
}
