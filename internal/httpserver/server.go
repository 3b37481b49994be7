// Package httpserver is the HTTP server without its addresses: time limits and shutdown, what every answer passes on its way out, which
// web pages may send requests, and readiness.
package httpserver

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// The time that clients have. What streams sets its own.
const (
	headerTime = 5 * time.Second
	bodyTime   = 30 * time.Second
	idleTime   = 2 * time.Minute
	writeTime  = 20 * time.Second // beyond the time of an operation
	maxHeaders = 64 << 10         // bytes
)

// Server is one HTTP server.
type Server struct {
	Addr      string
	Handler   http.Handler
	Operation time.Duration // how long an operation may take
	Leave     func()        // makes load balancers send requests to other instances
	Delay     time.Duration // for how long requests are still answered then
	Drain     func()        // ends the requests and connections that wait
	DrainTime time.Duration // how long requests under way may then take
	Log       *slog.Logger
}

// Run answers requests until the context ends, and then lets those under way end. Up is called with the address once it
// answers.
func (s Server) Run(ctx context.Context, up func(address string)) error {
	server := &http.Server{
		Handler: s.Handler, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: s.Operation + writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeaders, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelDebug),
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("ADDR: %w", err)
	}
	up(listener.Addr().String())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.Log.Info("shutting down")
	s.Leave()
	select { // as long as it takes those who send requests to notice
	case err := <-ended:
		return err
	case <-time.After(s.Delay):
	}
	s.Drain()
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.DrainTime)
	defer cancel()
	return server.Shutdown(drain)
}
