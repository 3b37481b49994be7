package store

import (
	"context"
	"fmt"

	"docsquare/ent"
)

// Derivation is derived data: it is stored in addition to the data and can be rebuilt from it.
type Derivation struct {
	Name    string
	Version int // of how it is made
	Build   func(ctx context.Context, progress func(done, total int)) error
}

// Derive builds what is missing or was made by another version, or everything where all is set.
func (s *Store) Derive(ctx context.Context, list []Derivation, all bool, progress func(name string, done, total int)) error {
	built, err := s.DB.Derivation.Query().All(ctx)
	if err != nil {
		return err
	}
	versions := ByKey(built, func(d *ent.Derivation) string { return d.ID })
	for _, d := range list {
		if old := versions[d.Name]; old != nil && old.Version == d.Version && !all {
			continue
		}
		if err := d.Build(ctx, func(done, total int) { progress(d.Name, done, total) }); err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
		err := s.Write(ctx, func(tx *Tx) error {
			return tx.Derivation.Create().SetID(d.Name).SetVersion(d.Version).OnConflictColumns("id").UpdateNewValues().Exec(ctx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
