package seed

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"slices"

	"docsquare/internal/account"
	"docsquare/internal/cli/importer"
	"docsquare/internal/cli/importer/source"
	"docsquare/internal/config"
	"docsquare/internal/store"
)

// The community around the samples.
const (
	sampleUsers        = 40
	sampleInteractions = 1500
)

//go:embed sample/*.md
var samples embed.FS

// First writes the sample into the empty database of a developer, and reports whether it did.
func First(ctx context.Context, s *store.Store, accounts *account.Service, development bool, log *slog.Logger) (bool, error) {
	none, err := empty(ctx, s)
	if err != nil || !none || !development {
		return false, err
	}
	log.InfoContext(ctx, "database empty, writing sample documents")
	return true, sample(ctx, s, accounts)
}

// empty reports whether there are no accounts yet.
func empty(ctx context.Context, s *store.Store) (bool, error) {
	found, err := s.DB.User.Query().Exist(ctx)
	return !found, err
}

// sample fills an empty database: the demo account, documents about docsquare in English and Chinese by it and by the
// authors "guide" and "handbook", and a small community. It fails where there is a demo account already.
func sample(ctx context.Context, s *store.Store, accounts *account.Service) error {
	name := "Demo"
	_, err := accounts.Open(ctx, account.Registration{
		Username: config.DemoUsername, Email: config.DemoUsername + importer.Domain, Password: config.DemoPassword, DisplayName: &name,
	})
	if err != nil {
		return fmt.Errorf("the demo account: %w", err)
	}
	report, err := importer.Run(ctx, importer.Services{Store: s, Accounts: accounts}, &source.Folder{Tree: samples}, importer.Options{})
	if err != nil {
		return fmt.Errorf("the samples: %w", err)
	}
	for _, note := range slices.Concat(report.Failed, report.Hidden, report.Remarks, report.Skipped) {
		return fmt.Errorf("the sample %s: %s", note.Path, note.Reason)
	}
	return Run(ctx, s, Options{Users: sampleUsers, Interactions: sampleInteractions, Seed: 1})
}
