package ops

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"docsquare/internal/cache"
)

// Inspection is the entries of one key in both tiers.
type Inspection struct {
	Kind string
	Key  string
	Near *Held // nil if the tier has no entry
	Far  *Held
	Tags []TagState
}

// Held is one entry.
type Held struct {
	Counts  bool // whether it would be served: no write has touched its tags, and it has not expired
	Absent  bool // a negative entry
	Expires time.Time
	Bytes   int // estimated
}

// TagState is a tag that an entry depends on, with its stamps; empty if there is none.
type TagState struct{ Name, Near, Far string }

// Inspect returns what both tiers have under an ID, for every kind that has an entry there, sorted by kind. It changes nothing.
func (m *Monitor) Inspect(ctx context.Context, id uuid.UUID) ([]Inspection, error) {
	var views []cache.View
	var peeks []cache.Peek
	var items []cache.FarItem
	for _, v := range m.engine.Views() {
		if p, ok := v.Peek(id); ok {
			views, peeks, items = append(views, v), append(peeks, p), append(items, p.Item)
		}
	}
	if err := m.engine.Far().Inspect(ctx, items); err != nil {
		return nil, fmt.Errorf("inspect the far tier: %w", err)
	}
	found := []Inspection{}
	for i, v := range views {
		one := Inspection{Kind: v.Name, Key: v.Text(id)}
		if near := peeks[i].Near; near != nil {
			one.Near = held(*near)
		}
		if far, ok := v.Decode(items[i]); ok {
			one.Far = held(far)
		}
		if one.Near != nil || one.Far != nil {
			one.Tags = states(peeks[i], items[i])
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b Inspection) int { return cmp.Compare(a.Kind, b.Kind) })
	return found, nil
}

func held(e cache.Entry) *Held {
	return &Held{Counts: e.Valid, Absent: e.Absent, Expires: e.Expires, Bytes: e.Bytes}
}

// states returns the tags of a key with their stamps in this process and in the far tier.
func states(p cache.Peek, item cache.FarItem) []TagState {
	all := make([]TagState, len(item.Tags))
	for i, tag := range item.Tags {
		all[i] = TagState{Name: tag, Near: p.Stamps[i].String()}
		if item.Stamps != nil {
			all[i].Far = item.Stamps[i].String()
		}
	}
	return all
}
