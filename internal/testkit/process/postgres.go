package process

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const superuser = "docsquare"

// Postgres is a PostgreSQL cluster of one's own on a loopback port: everyone is trusted and nothing survives a crash.
type Postgres struct {
	// URL is the address of the maintenance database, with every right.
	URL string

	bin     string
	dir     string
	runAs   *syscall.Credential // nil: as ourselves
	program *program
}

// StartPostgres makes a cluster and returns once it accepts connections, which takes some seconds. The error is a
// *MissingError where PostgreSQL is not installed. The caller must Close it.
func StartPostgres(ctx context.Context) (*Postgres, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "docsquare-postgres-")
	if err != nil {
		return nil, err
	}
	p := &Postgres{bin: bin, dir: dir}
	if err := p.create(ctx); err != nil {
		err = withLog(err, "postgres", dir)
		p.Close()
		return nil, err
	}
	return p, nil
}

func (p *Postgres) create(ctx context.Context) error {
	if err := p.dropRoot(); err != nil {
		return err
	}
	// Locale C sorts by bytes everywhere, as SQLite does.
	initdb := p.command(ctx, "initdb", "--no-sync", "--auth=trust", "--username="+superuser,
		"--encoding=UTF8", "--locale=C", "--pgdata="+p.data())
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return onFreePort(ctx, func(port int) error {
		at := url.URL{
			Scheme: "postgres", User: url.User(superuser), Host: "127.0.0.1:" + strconv.Itoa(port),
			Path: "/postgres", RawQuery: "sslmode=disable",
		}
		p.URL = at.String()
		return p.start(ctx, port)
	})
}

func (p *Postgres) start(ctx context.Context, port int) error {
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"fsync=off", "synchronous_commit=off", "full_page_writes=off",
		"max_connections=300", // test binaries and parallel tests share one cluster
	}
	args := []string{"-D", p.data()}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	// The server outlives the context, which bounds only the start.
	cmd := p.command(context.WithoutCancel(ctx), "postgres", args...)
	// SIGQUIT is "stop at once"; after SIGKILL its children would live on for a while.
	program, err := launch(cmd, filepath.Join(p.dir, logName), syscall.SIGQUIT)
	if err != nil {
		return err
	}
	p.program = program
	return program.awaitReady(ctx, p.ready)
}

// ready looks for the word that the server writes into its own lock file (pg_ctl waits for the same): unlike a
// connection, the file cannot belong to another server.
func (p *Postgres) ready(context.Context) error {
	const statusLine = 7
	text, err := os.ReadFile(filepath.Join(p.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) <= statusLine || strings.TrimSpace(lines[statusLine]) != "ready" {
		return errors.New("still starting")
	}
	return nil
}

func (p *Postgres) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.runAs}
	return cmd
}

// dropRoot gives the directory to an unprivileged user where we are root, as whom PostgreSQL refuses to run.
func (p *Postgres) dropRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		owner, err = user.Lookup("nobody")
	}
	if err != nil {
		return fmt.Errorf("neither a user postgres nor nobody: %w", err)
	}
	uid, uidErr := strconv.ParseUint(owner.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(owner.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return err
	}
	p.runAs = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(p.dir, int(uid), int(gid)) // 32 bits, parsed above
}

func (p *Postgres) data() string { return filepath.Join(p.dir, "data") }

// Close stops the cluster at once and removes its files.
func (p *Postgres) Close() {
	if p.program != nil {
		p.program.end()
	}
	_ = os.RemoveAll(p.dir) // a leftover in the temporary directory is no reason to fail
}

// postgresBin is the directory of the server programs: that of PATH, else the newest where Debian keeps them.
func postgresBin() (string, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil || len(found) == 0 {
		return "", &MissingError{Program: "PostgreSQL", Package: "postgresql"}
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return majorVersion(a) - majorVersion(b) })
	return filepath.Dir(newest), nil
}

// majorVersion reads 15 from /usr/lib/postgresql/15/bin/postgres, and 0 from what has no such number.
func majorVersion(path string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return version
}
