package sabotage

// Rule is a rule that a process can break.
type Rule string

// The rules.
const (
	NoOutbox      Rule = "outbox=off"     // no row of the outbox is written, so that a crash loses the invalidation
	EarlyOrder    Rule = "order=early"    // the stamps are replaced before the commit and not after it
	MissingTags   Rule = "answers=tags"   // a kept answer does not depend on the tags of users
	MissingViewer Rule = "answers=viewer" // a kept answer is sent to any viewer
	// Invariants of docs/consistency.md, broken by TestMutations of internal/cache.
	LateSnapshots   Rule = "snapshots=late"   // snapshots are captured after the load and not before it
	SingleReplace   Rule = "generations=once" // new generations begin only before the stamps are replaced
	AnyStamps       Rule = "stamps=any"       // an entry is valid with any stamps
	EarlyResume     Rule = "recovery=early"   // Redis is used before the outbox is delivered
	AnyServer       Rule = "identity=any"     // another server is taken for the same one
	KeepWhileUnsure Rule = "degraded=keep"    // the near tier keeps its entries while the stream cannot be followed

	CrashOnSignal Rule = "crash=signal" // the next write after a SIGUSR1 kills the process, after its commit and before any stamp is replaced
)

// MissingTagPrefix begins the tags of users, see MissingTags.
const MissingTagPrefix = "user:"
