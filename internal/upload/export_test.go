package upload

import (
	"context"
	"errors"
)

// Sweep is what Run does with the garbage.
func (s *Service) Sweep(ctx context.Context) error { return s.sweep(ctx) }

// TidyUp is what Run does with uploads.
func (s *Service) TidyUp(ctx context.Context) error {
	return errors.Join(s.finishLeft(ctx), s.giveUp(ctx))
}
