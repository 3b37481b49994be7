package editor

import (
	"context"
	"errors"
)

// Tidy is one round of what Run does now and then.
func (s *Service) Tidy(ctx context.Context) error { return errors.Join(s.rest(ctx), s.forget(ctx)) }
