package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"entgo.io/ent/dialect"
)

// Bounds of a group. A member waits for the commit of the members after it, so a group must not grow for long.
const (
	groupMembers = 64
	groupOpen    = 10 * time.Millisecond
)

// groups is the driver of SQLite's one writer. Transactions that wait for the writer at the same time form a group: they run one
// after another, and one COMMIT makes all of them durable. SQLite syncs the file once for each COMMIT, so a group of n costs one
// sync instead of n.
//
// A member that fails is rolled back alone, to its savepoint. Commit returns when the group is committed.
type groups struct {
	dialect.Driver
	open time.Duration // how long after its beginning a group takes members
	held func(time.Duration)

	mu    sync.Mutex
	taken bool            // a member, or the commit of a group, has the writer
	queue []chan struct{} // of transactions that wait for it; closing one passes the writer on

	current *group // begun and not yet committed; only for who has the writer
}

// group is transactions with one COMMIT.
type group struct {
	tx      dialect.Tx
	began   time.Time
	members int           // that are to be committed
	done    chan struct{} // closed when the group has ended
	err     error         // of the COMMIT; only after done
}

// Tx waits for the writer and begins a transaction in the current group, or in a new one.
func (d *groups) Tx(ctx context.Context) (dialect.Tx, error) {
	if err := d.acquire(ctx); err != nil {
		return nil, err
	}
	m, err := d.join(ctx)
	if err != nil {
		d.release()
		return nil, err
	}
	return m, nil
}

// acquire waits until the caller has the writer.
func (d *groups) acquire(ctx context.Context) error {
	d.mu.Lock()
	if !d.taken {
		d.taken = true
		d.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	d.queue = append(d.queue, turn)
	d.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	d.mu.Lock()
	at := slices.Index(d.queue, turn)
	if at >= 0 {
		d.queue = slices.Delete(d.queue, at, at+1)
	}
	d.mu.Unlock()
	if at < 0 { // the writer was passed on at the same moment
		d.release()
	}
	return ctx.Err()
}

// release passes the writer on. It commits the current group first if no transaction waits, or if the group takes no more.
func (d *groups) release() {
	for !d.pass() {
		d.commit()
	}
}

// pass passes the writer on. It returns false if the current group has to be committed first.
func (d *groups) pass() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch waits := len(d.queue) > 0; {
	case d.current != nil && (!waits || !d.takesMembers()):
		return false
	case waits:
		close(d.queue[0])
		d.queue = slices.Delete(d.queue, 0, 1)
	default:
		d.taken = false
	}
	return true
}

func (d *groups) takesMembers() bool {
	g := d.current
	return g.err == nil && g.members < groupMembers && time.Since(g.began) < d.open
}

// join begins a member of the current group, and the group if there is none. Only the first member needs no savepoint: if it is rolled
// back, the group is empty.
func (d *groups) join(ctx context.Context) (*member, error) {
	if d.current != nil {
		m := &member{driver: d, group: d.current, savepoint: true, began: time.Now()}
		return m, m.Exec(ctx, "SAVEPOINT member", []any{}, nil)
	}
	tx, err := d.Driver.Tx(context.WithoutCancel(ctx)) // it may outlive ctx
	if err != nil {
		return nil, err
	}
	d.current = &group{tx: tx, began: time.Now(), done: make(chan struct{})}
	return &member{driver: d, group: d.current, began: d.current.began}, nil
}

// commit ends the current group.
func (d *groups) commit() {
	g := d.current
	d.current = nil
	if g.err == nil {
		g.err = g.tx.Commit()
	} else {
		g.err = errors.Join(g.err, g.tx.Rollback())
	}
	close(g.done)
}

// member is one transaction of a group. It has the writer until Commit or Rollback.
//
// Its statements run to their end whatever becomes of their context: SQLite ends the whole transaction, with all members, if one
// that writes is interrupted.
type member struct {
	driver    *groups
	group     *group
	savepoint bool
	ended     bool
	began     time.Time // when it got the writer
}

// release passes the writer on.
func (m *member) release() {
	m.driver.release()
	if m.driver.held != nil {
		m.driver.held(time.Since(m.began))
	}
}

var _ dialect.Tx = (*member)(nil)

// Exec runs a statement.
func (m *member) Exec(ctx context.Context, query string, args, v any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return m.group.tx.Exec(context.WithoutCancel(ctx), query, args, v)
}

// Query runs a query.
func (m *member) Query(ctx context.Context, query string, args, v any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return m.group.tx.Query(context.WithoutCancel(ctx), query, args, v)
}

// Commit passes the writer on and waits for the commit of the group.
func (m *member) Commit() error {
	if m.ended {
		return errors.New("the transaction has ended")
	}
	m.ended = true
	g := m.group
	if m.savepoint {
		if err := g.tx.Exec(context.Background(), "RELEASE member", []any{}, nil); err != nil {
			g.err = fmt.Errorf("release: %w", err)
		}
	}
	g.members++
	m.release()
	<-g.done
	return g.err
}

// Rollback undoes what the member has written and passes the writer on. If the member is already committed or rolled back, Rollback
// does nothing. Like Commit it waits for the end of the group: why the member fails may be what the members before it have written,
// and who tries again must read that.
func (m *member) Rollback() error {
	if m.ended {
		return nil
	}
	m.ended = true
	if !m.savepoint {
		defer m.release()
		m.driver.current = nil
		return m.group.tx.Rollback()
	}
	defer func() {
		m.release()
		<-m.group.done
	}()
	err := errors.Join(
		m.group.tx.Exec(context.Background(), "ROLLBACK TO member", []any{}, nil),
		m.group.tx.Exec(context.Background(), "RELEASE member", []any{}, nil),
	)
	if err != nil { // SQLite has rolled the whole transaction back, as for a full disk
		m.group.err = fmt.Errorf("another write has ended the transaction: %w", err)
	}
	return err
}
