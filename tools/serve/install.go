package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// mayInstall reports whether packages can be installed without asking anybody: as root, if there is apt-get.
func mayInstall() bool {
	_, err := exec.LookPath("apt-get")
	return err == nil && os.Geteuid() == 0
}

// install installs a package of Debian. The list of packages is read first, as a fresh machine has none.
func install(ctx context.Context, name string) error {
	say("apt-get install %s", name)
	for _, args := range [][]string{
		{"update", "-q"},
		{"install", "-q", "-y", "--no-install-recommends", name},
	} {
		cmd := exec.CommandContext(ctx, "apt-get", args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %s: %w\n%s", args[0], err, out)
		}
	}
	return nil
}
