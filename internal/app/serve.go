package app

import (
	"context"
	"log/slog"
	"os"

	"docsquare/internal/httpserver"
	"docsquare/internal/limit/cpu"
	"docsquare/internal/telemetry/tracing"
)

// Serve answers requests until the context ends, and then lets those in progress end.
func (a *App) Serve(ctx context.Context) error {
	if a.Config.Threads == 0 {
		cpu.Spare()
	}
	handler, err := a.Handler()
	if err != nil {
		return err
	}
	server := httpserver.Server{
		Addr: a.Config.Addr, Handler: handler, Operation: a.Config.RequestTimeout, Log: a.Log,
		Leave: a.gate.Leave, Delay: a.Config.DrainDelay, Drain: a.drain, DrainTime: a.Config.DrainTimeout,
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if err := a.serveProfiles(ctx); err != nil {
		return err
	}
	return server.Run(ctx, func(address string) {
		a.Workers.Detach("PDF sandbox", a.prepareTexts)
		a.Log.InfoContext(ctx, "listening", "url", "http://"+address+"/", "environment", a.Config.Environment)
		a.Workers.Start("warm-up", func(context.Context) { a.warming().Keep(ctx, a.hot, a.gate, a.Config.WarmTimeout) })
	})
}

// prepareTexts loads the sandbox for PDFs, so that the first PDF does not wait for it. A compilation cannot be interrupted: the end of the
// server does not wait for it.
func (a *App) prepareTexts(ctx context.Context) {
	if err := a.Texts.Prepare(); err != nil {
		a.Log.InfoContext(ctx, "code of the PDF sandbox not kept, compiling at each start", "reason", err)
	}
}

// serveProfiles serves the profiles of the process, where DEBUG_ADDR asks for them.
func (a *App) serveProfiles(ctx context.Context) error {
	if a.Config.DebugAddr == "" {
		return nil
	}
	serve, at, err := httpserver.ListenProfiles(ctx, a.Config.DebugAddr)
	if err != nil {
		return err
	}
	a.Workers.Start("profiles", func(context.Context) { serve(ctx) })
	a.Log.InfoContext(ctx, "listening for profiles", "url", "http://"+at+"/debug/pprof/")
	return nil
}

// NewLog returns a logger that writes structured lines to standard error, each with the request and the trace that it belongs to.
func NewLog(level string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // the configuration has checked it
	return slog.New(httpserver.LogHandler(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: l}), tracing.Attributes))
}
