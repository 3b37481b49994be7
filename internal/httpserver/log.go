package httpserver

import (
	"context"
	"log/slog"
)

// LogHandler adds to each line which request it belongs to, and whatever more knows of it; more may be nil.
func LogHandler(h slog.Handler, more func(context.Context) []slog.Attr) slog.Handler {
	return logged{h, more}
}

type logged struct {
	slog.Handler
	more func(context.Context) []slog.Attr
}

// Handle writes a line.
func (l logged) Handle(ctx context.Context, line slog.Record) error {
	if id := RequestID(ctx); id != "" {
		line.AddAttrs(slog.String("request_id", id))
	}
	if l.more != nil {
		line.AddAttrs(l.more(ctx)...)
	}
	return l.Handler.Handle(ctx, line)
}

// WithAttrs is the handler with more attributes.
func (l logged) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logged{l.Handler.WithAttrs(attrs), l.more}
}

// WithGroup is the handler within a group.
func (l logged) WithGroup(name string) slog.Handler {
	return logged{l.Handler.WithGroup(name), l.more}
}
