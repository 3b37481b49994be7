// Command docsquare serves the GraphQL API of a community that writes and shares documents.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"docsquare/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := cli.Run(ctx, os.Args[1:], os.Stdout)
	if stop(); err != nil {
		fmt.Fprintln(os.Stderr, "docsquare:", err)
		os.Exit(cli.ExitCode(err))
	}
}
