// Package services constructs the services of a site from its configuration: over one database, one cache and one store of files. The
// server, its commands and the tests of services use this one constructor.
package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"entgo.io/ent/dialect"

	"docsquare/internal/account"
	"docsquare/internal/account/oidc"
	"docsquare/internal/admin"
	"docsquare/internal/audit"
	"docsquare/internal/background"
	"docsquare/internal/blobstore"
	"docsquare/internal/cache"
	"docsquare/internal/config"
	"docsquare/internal/document"
	"docsquare/internal/editor"
	"docsquare/internal/interaction"
	"docsquare/internal/kinds"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/removal"
	"docsquare/internal/services/connect"
	"docsquare/internal/square"
	"docsquare/internal/store"
	"docsquare/internal/text/extract"
	"docsquare/internal/upload"
)

// Services are what clients ask for.
type Services struct {
	Cache        *kinds.Cache
	Accounts     *account.Service
	Documents    *document.Service
	Square       *square.Service
	Interactions *interaction.Service
	Uploads      *upload.Service
	Editor       *editor.Service
	Audit        *audit.Service
	Admin        *admin.Service
}

// Site is an open site. Its workers run after Start. Close it.
type Site struct {
	Services

	Config   config.Config
	Log      *slog.Logger
	Store    *store.Store
	Redis    connect.Tier       // nil without REDIS_URL
	Rates    *ratelimit.Limiter // nil: no limits over time
	Files    *blobstore.Bucket
	Texts    *extract.Extractor
	Removals *removal.Worker
	Workers  *background.Group

	driver  func(dialect.Driver) dialect.Driver
	outside *oidc.Issuer // nil: only the server's own sessions are accepted
	closers closers
}

// Options are what the configuration does not have.
type Options struct {
	Log *slog.Logger

	// Driver replaces the driver of the database whose transactions write; nil: it stays. Tests of faults set it.
	Driver func(dialect.Driver) dialect.Driver
}

// Open constructs the services and brings the database up to date. If it fails, everything that it has opened is closed.
func Open(ctx context.Context, cfg config.Config, o Options) (*Site, error) {
	s := &Site{Config: cfg, Log: o.Log, driver: o.Driver}
	for _, open := range []func(context.Context) error{s.openRedis, s.openData, s.openFiles, s.openAccounts} {
		if err := open(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	s.openOthers()
	s.Workers = background.NewGroup(ctx, s.Log)
	s.closers.addFunc(s.Workers.Stop)
	return s, nil
}

// Close stops the workers and closes everything in reverse order.
func (s *Site) Close() error { return s.closers.close() }

func (s *Site) openRedis(context.Context) error {
	opened, err := connect.OpenRedis(s.Config, s.Log)
	if err != nil {
		return err
	}
	s.Redis, s.Rates = opened.Far, opened.Rates
	s.closers.add(opened.Close)
	return nil
}

// openData opens the cache and the database. The cache is closed first: what it refreshes is read from the database.
func (s *Site) openData(ctx context.Context) (err error) {
	o := kinds.Options{
		Options: cache.Options{NearBytes: int64(s.Config.CacheNearBytes), TTL: s.Config.CacheTTL, Log: s.Log},
		Audit:   s.Config.CacheAudit,
	}
	if s.Redis != nil {
		o.Far = s.Redis
	}
	s.Cache = kinds.New(o)
	invalidation := store.Invalidation{Tags: kinds.Touched, Replace: s.Cache.Replace, Durable: s.Redis != nil, Statement: cache.Statement}
	if s.Store, err = store.Open(ctx, s.Config.DatabaseURL, invalidation, s.Log, store.WithDriver(s.driver)); err != nil {
		s.Cache.Close()
		return err
	}
	s.closers.add(s.Store.Close)
	s.closers.addFunc(s.Cache.Close)
	return s.Derive(ctx, false, LogProgress(ctx, s.Log))
}

func (s *Site) openFiles(context.Context) (err error) {
	if s.Files, err = blobstore.Open(s.Config.FilesURL, s.Store, s.Log); err != nil {
		return err
	}
	s.closers.addFunc(s.Files.Close)
	s.Texts = extract.New(extract.Default, s.Config.PDFCode())
	s.closers.addFunc(s.Texts.Close)
	return nil
}

// openAccounts opens what identifies clients: sessions, and the tokens of an outside issuer if one is configured.
func (s *Site) openAccounts(context.Context) (err error) {
	cfg := s.Config
	if cfg.JWTIssuer != "" {
		s.outside, err = oidc.New(oidc.Options{Issuer: cfg.JWTIssuer, Audience: cfg.JWTAudience, JWKS: cfg.JWTKeysURL, Algorithms: cfg.JWTAlgorithms, Log: s.Log})
		if err != nil {
			return fmt.Errorf("JWT_ISSUER, JWT_KEYS_URL or JWT_ALGORITHMS: %w", err)
		}
	}
	invalid, err := ratelimit.ParseRate(cfg.LimitUnknownTokens)
	if err != nil {
		return fmt.Errorf("LIMIT_UNKNOWN_TOKENS: %w", err)
	}
	s.Accounts, err = account.New(s.Store, s.Cache, account.Options{Lifetime: cfg.SessionTTL, Outside: s.outside, Limiter: s.Rates, InvalidTokens: invalid, Log: s.Log})
	return err
}

func (s *Site) openOthers() {
	cfg, c := s.Config, s.Cache
	limits := upload.Limits{File: int64(cfg.FilesMaxBytes), Small: int64(cfg.FilesSmallBytes), Quota: int64(cfg.FilesQuotaBytes), Abandoned: cfg.UploadTTL}
	s.Documents, s.Square = document.New(s.Store, c, int64(cfg.LimitTexts), s.Log), square.New(s.Store, c)
	s.Interactions = interaction.New(s.Store, c, s.Log)
	s.Editor, s.Uploads = editor.New(s.Store, c, cfg.EditorIdle, int64(cfg.LimitTexts), s.Log), upload.New(s.Store, c, s.Files, s.Texts, limits, s.Log)
	s.Audit, s.Admin = audit.New(s.Store, cfg.AuditTTL, s.Log), admin.New(s.Store, c, s.Log)
	s.Removals = removal.New(s.Store, s.Log)
}
