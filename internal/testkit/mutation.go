package testkit

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"docsquare/internal/cache/sabotage"
)

// mutationTimeout bounds one run of a test.
const mutationTimeout = 2 * time.Minute

// FailsUnder runs a test of the same binary in a process that breaks a rule, and fails if that test passes. The binary must have
// the build tag chaos.
func FailsUnder(tb testing.TB, rule sabotage.Rule, test string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), mutationTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+test+"$", "-test.count=1")
	cmd.Env = append(os.Environ(), "DOCSQUARE_SABOTAGE="+string(rule))
	out, err := cmd.CombinedOutput()
	_, failed := errors.AsType[*exec.ExitError](err)
	if !failed || !strings.Contains(string(out), "--- FAIL: "+test) {
		tb.Errorf("%s passes although %s breaks its invariant: %v\n%s", test, rule, err, out)
	}
}
