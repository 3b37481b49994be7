package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// metricsToken is the METRICS_TOKEN of the server under test.
const metricsToken = "soak"

// longestWrite returns how long the longest write transaction of the last 5 to 10 minutes had the lock.
func (s *site) longestWrite(ctx context.Context) (time.Duration, error) {
	const name = "docsquare_write_transaction_hold_longest_seconds"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+metricsToken)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(answer.Body)
	if err != nil {
		return 0, err
	}
	var longest float64
	for _, m := range families[name].GetMetric() {
		longest = max(longest, m.GetGauge().GetValue())
	}
	if longest == 0 {
		return 0, fmt.Errorf("%s: no value of %s", answer.Status, name)
	}
	return time.Duration(longest * float64(time.Second)), nil
}
