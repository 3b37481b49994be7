package editor

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"docsquare/ent"
	"docsquare/ent/editorsession"
	"docsquare/ent/schema"
	"docsquare/internal/counters/textusage"
	"docsquare/internal/store"
	"docsquare/internal/viewer"

	entsql "entgo.io/ent/dialect/sql"
)

// Autosaves are written in batches. If the queue is empty, a save is written at once. Saves that arrive while a batch is
// written, or within the pace of the last one, make the next batch. No caller is answered before the commit.
const (
	queueSize  = 4096
	batchSaves = 256
	batchBytes = 8 << 20
	pace       = 25 * time.Millisecond
)

// save is an autosave that waits for its batch.
type save struct {
	user     uuid.UUID
	session  uuid.UUID
	expected int
	content  string
	title    *string
	done     chan struct{} // closed when the two below are set
	saved    *ent.EditorSession
	err      error
}

// Autosave saves the whole text of a session, and a new title where there is one. It returns UNAUTHENTICATED for a guest,
// NOT_FOUND for a session of others, BAD_USER_INPUT for a bad text, and CONFLICT where the text is not at the revision that
// was expected, unless it was saved already: so a client that was not answered may send the same again.
func (s *Service) Autosave(ctx context.Context, v viewer.Viewer, session uuid.UUID, expected int, content string, title *string) (*ent.EditorSession, error) {
	user, err := v.SignedIn()
	if err != nil {
		return nil, err
	}
	if err := checkContent(content); err != nil {
		return nil, err
	}
	if title != nil {
		name, err := checkTitle(*title)
		if err != nil {
			return nil, err
		}
		title = &name
	}
	x := &save{user: user, session: session, expected: expected, content: content, title: title, done: make(chan struct{})}
	select {
	case s.queue <- x:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-x.done:
		return x.saved, x.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Run writes autosaves and ends abandoned sessions until the context ends. Saves that are in the queue by then are still
// written.
func (s *Service) Run(ctx context.Context) {
	tidying := make(chan struct{})
	go func() {
		defer close(tidying)
		s.tidy(ctx)
	}()
	for {
		select {
		case first := <-s.queue:
			s.write(context.WithoutCancel(ctx), s.batch(first))
			wait(ctx, pace)
		case <-ctx.Done():
			for len(s.queue) > 0 {
				s.write(context.WithoutCancel(ctx), s.batch(<-s.queue))
			}
			<-tidying
			return
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// batch is a save with those that wait behind it.
func (s *Service) batch(first *save) []*save {
	batch, size := []*save{first}, len(first.content)
	for len(batch) < batchSaves && size < batchBytes {
		select {
		case x := <-s.queue:
			batch, size = append(batch, x), size+len(x.content)
		default:
			return batch
		}
	}
	return batch
}

// write writes a batch in one transaction. Where that fails each is tried alone, so that none fails for another's sake.
func (s *Service) write(ctx context.Context, batch []*save) {
	err := s.writeAll(ctx, batch)
	if err != nil && len(batch) > 1 {
		for _, x := range batch {
			s.write(ctx, []*save{x})
		}
		return
	}
	for _, x := range batch {
		if err != nil {
			x.saved, x.err = nil, err
		}
		close(x.done)
	}
}

func (s *Service) writeAll(ctx context.Context, batch []*save) error {
	ids := make([]uuid.UUID, len(batch))
	for i, x := range batch {
		ids[i] = x.session
	}
	return s.store.Write(ctx, func(tx *store.Tx) error {
		q := tx.EditorSession.Query().Where(editorsession.IDIn(ids...)).Order(ent.Asc(editorsession.FieldID))
		rows, err := store.ForUpdate(tx, q).All(ctx)
		if err != nil {
			return err
		}
		read := store.ByKey(rows, func(x *ent.EditorSession) uuid.UUID { return x.ID })
		at := maps.Clone(read)
		changed := map[uuid.UUID]*ent.EditorSession{}
		for _, x := range batch {
			before := at[x.session]
			x.saved, x.err = x.apply(before)
			if x.err == nil && x.saved != before {
				at[x.session], changed[x.session] = x.saved, x.saved
			}
		}
		for id, x := range changed {
			textusage.Add(tx, x.UserID, len(x.Content)-len(read[id].Content), s.quota)
		}
		return put(ctx, tx, slices.Collect(maps.Values(changed)))
	})
}

// apply is the session as the save leaves it; the very one where there is nothing to change.
func (x *save) apply(before *ent.EditorSession) (*ent.EditorSession, error) {
	if err := own(viewer.Viewer{UserID: x.user}, before); err != nil {
		return nil, err
	}
	same := before.Content == x.content && (x.title == nil || before.Title == *x.title)
	switch {
	case !live(before):
		return nil, moved(before, x.expected)
	case same && before.Status == editorsession.StatusOpen && (before.Revision == x.expected || before.Revision == x.expected+1):
		return before, nil
	case before.Revision != x.expected:
		return nil, moved(before, x.expected)
	}
	next := *before
	next.Content, next.SavedAt, next.Status = x.content, schema.Now(), editorsession.StatusOpen
	if x.title != nil {
		next.Title = *x.title
	}
	if !same {
		next.Revision++
	}
	return &next, nil
}

// put writes sessions, which the caller holds, in one statement.
func put(ctx context.Context, tx *store.Tx, sessions []*ent.EditorSession) error {
	if len(sessions) == 0 {
		return nil
	}
	rows := make([]*ent.EditorSessionCreate, len(sessions))
	for i, x := range sessions {
		tx.Invalidate(x)
		rows[i] = tx.EditorSession.Create().SetID(x.ID).SetCreatedAt(x.CreatedAt).SetUserID(x.UserID).SetNillableDocumentID(x.DocumentID).
			SetNillableDocumentRevision(x.DocumentRevision).SetTitle(x.Title).SetContent(x.Content).SetFormat(x.Format).
			SetRevision(x.Revision).SetStatus(x.Status).SetSavedAt(x.SavedAt)
	}
	return tx.EditorSession.CreateBulk(rows...).OnConflict(entsql.ConflictColumns(editorsession.FieldID), entsql.ResolveWith(func(u *entsql.UpdateSet) {
		for _, column := range []string{editorsession.FieldTitle, editorsession.FieldContent, editorsession.FieldRevision, editorsession.FieldStatus, editorsession.FieldSavedAt} {
			u.SetExcluded(column)
		}
	})).Exec(ctx)
}
