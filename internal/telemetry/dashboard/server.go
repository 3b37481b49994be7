package dashboard

import dto "github.com/prometheus/client_model/go"

// responses returns the answers by the first digit of their status.
func (d difference) responses() (r Responses) {
	d.now.each(prefix+"http_responses_total", func(m *dto.Metric) {
		status := label(m, "status")
		rate := max(value(m)-d.before.sum("http_responses_total", "status", status), 0) / d.seconds
		switch status[:1] {
		case "3":
			r.Redirect += rate
		case "4":
			r.Client += rate
		case "5":
			r.Server += rate
		default:
			r.Success += rate
		}
	})
	return r
}

func (r reading) disks() []Disk {
	disks := []Disk{}
	r.each(prefix+"disk_bytes", func(m *dto.Metric) {
		of := label(m, "of")
		disks = append(disks, Disk{of, r.sum("disk_free_bytes", "of", of), value(m)})
	})
	return disks
}

func (r reading) today() *Today {
	if r.families[prefix+"created_today"] == nil {
		return nil
	}
	of := func(what string) float64 { return r.sum("created_today", "what", what) }
	return &Today{of("accounts"), of("documents"), of("comments")}
}
