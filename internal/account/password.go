package account

import (
	"context"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"

	"docsquare/internal/limit/cpu"
	"docsquare/internal/text/plaintext"
)

// passwords hashes with argon2id, in the form that is the same on every keyboard, a bounded number at a time: each takes its memory for some tens of milliseconds.
type passwords struct {
	slots  *semaphore.Weighted
	params *argon2id.Params
	decoy  string // the hash that a sign-in to an unknown account is compared with, so that it takes as long
}

func newPasswords() (*passwords, error) {
	p := &passwords{
		slots:  semaphore.NewWeighted(int64(cpu.Half())),
		params: &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}, // OWASP, 2024
	}
	var err error
	p.decoy, err = argon2id.CreateHash("no account has this password", p.params)
	return p, err
}

func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	if err := p.slots.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer p.slots.Release(1)
	return argon2id.CreateHash(plaintext.Password(password), p.params)
}

func (p *passwords) matches(ctx context.Context, password, hash string) (bool, error) {
	if err := p.slots.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer p.slots.Release(1)
	return argon2id.ComparePasswordAndHash(plaintext.Password(password), hash)
}
