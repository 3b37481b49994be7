// The small cards: in what condition the server is.
import { bytes, duration, few, percent, whole } from './format.js';

// The disk of which the largest part is used.
function fullestDisk(f) {
  const used = ({ free, size }) => 1 - free / size;
  const [disk] = (f.disks ?? []).toSorted((a, b) => used(b) - used(a));
  return disk && { value: disk.size - disk.free, most: disk.size, label: `${bytes(disk.free)} free of ${bytes(disk.size)}`, color: 'var(--database)' };
}

const said = (label, value) => ({ label, value, format: (text) => text ?? '' });

export const conditions = [
  {
    title: 'Memory cache',
    help: 'Size of the entries in the process, and the limit.',
    main: (f) => [bytes(f.near?.bytes), f.near?.limit ? `of ${bytes(f.near.limit)}` : ''],
    lines: [
      { label: 'filled', value: (f) => (f.near?.limit ? f.near.bytes / f.near.limit : null), format: percent },
      { label: 'entries', value: (f) => f.kinds?.reduce((sum, kind) => sum + (kind.entries ?? 0), 0), format: whole },
    ],
    meter: (f) => ({ value: f.near?.bytes, most: f.near?.limit, label: `${bytes(f.near?.bytes)} of ${bytes(f.near?.limit)}`, color: 'var(--near)' }),
  },
  {
    title: 'Redis',
    help: 'Memory of Redis, and failures of Redis or the connection to it.',
    main: (f) => [bytes(f.redis?.memory), f.redis?.maxMemory ? `of ${bytes(f.redis.maxMemory)}` : 'used, no limit set'],
    lines: [
      said('state', (f) => f.redis && (f.redis.inUse ? 'in use' : 'unavailable')),
      { label: 'failures', value: (f) => f.redis?.losses, format: whole },
      { label: 'memory', value: (f) => f.redis?.memory, format: () => '', color: 'var(--far)' },
    ],
    meter: (f) => ({ value: f.redis?.memory, most: f.redis?.maxMemory, label: `${bytes(f.redis?.memory)} of ${bytes(f.redis?.maxMemory)}`, color: 'var(--far)' }),
    optional: true,
    absent: (f) => (f?.redis?.configured === false ? 'Redis is optional and not configured.' : null),
  },
  {
    title: 'Outbox',
    help: 'Invalidations waiting for Redis. Redis stays bypassed until this is 0.',
    optional: true,
    absent: (f) => (f?.redis?.configured === false ? 'Redis is optional and not configured.' : null),
    main: (f) => [whole(f.outbox?.rows), f.outbox?.rows === 1 ? 'row' : 'rows'],
    lines: [
      { label: 'rows', value: (f) => f.outbox?.rows, format: () => '', color: 'var(--warn)', fill: 'var(--away)' },
      { label: 'oldest', value: (f) => f.outbox && (f.outbox.rows === 0 ? 'none' : duration(f.outbox.oldest)), format: (text) => text ?? '–' },
    ],
  },
  {
    title: 'Database pool',
    help: 'Connections in use, waits for a connection, and write transactions.',
    main: (f) => [whole(f.pool?.inUse), `of ${whole(f.pool?.open)} connections in use`],
    lines: [
      { label: 'in use', value: (f) => f.pool?.inUse, format: () => '', color: 'var(--database)' },
      { label: 'waits/s', value: (f) => f.pool?.waits, format: few },
      { label: 'open writes', value: (f) => f.pool?.writes, format: whole },
      { label: 'longest write', value: (f) => f.pool?.longest, format: duration },
    ],
  },
  {
    title: 'Database size',
    help: 'The database and its write-ahead log on their disk, and what is free there.',
    main: (f) => [bytes(f.database?.bytes), 'on disk'],
    lines: [
      { label: 'size', value: (f) => f.database?.bytes, format: () => '', color: 'var(--database)' },
      { label: 'WAL', value: (f) => f.database?.wal, format: (size) => (size == null ? '' : bytes(size)) },
      ...['database', 'files'].map((of) => ({ label: `free for ${of}`, value: (f) => f.disks?.find((disk) => disk.of === of)?.free, format: (free) => (free == null ? '' : bytes(free)) })),
    ],
    meter: fullestDisk,
    optional: true,
    absent: (f) => (f && f.database?.bytes == null ? 'The size of the database is not known.' : null),
  },
  {
    title: 'Today',
    help: 'Accounts, documents and comments that were written since 00:00 UTC and are still there.',
    main: (f) => [whole(f.today?.accounts), f.today?.accounts === 1 ? 'sign-up' : 'sign-ups'],
    lines: [
      { label: 'documents', value: (f) => f.today?.documents, format: whole },
      { label: 'comments', value: (f) => f.today?.comments, format: whole },
    ],
    optional: true,
    absent: (f) => (f && !f.today ? 'What was written today is not known.' : null),
  },
  {
    title: 'HTTP responses',
    help: 'Answers by their HTTP status.',
    main: (f) => [few(f.responses && f.responses.success + f.responses.redirect + f.responses.client + f.responses.server), 'per second'],
    lines: [
      { label: '2xx', value: (f) => f.responses?.success, format: few, color: 'var(--good)' },
      { label: '3xx', value: (f) => f.responses?.redirect, format: few, color: 'var(--shared)' },
      { label: '4xx', value: (f) => f.responses?.client, format: few, color: 'var(--warn)' },
      { label: '5xx', value: (f) => f.responses?.server, format: few, color: 'var(--bad)' },
    ],
  },
  {
    title: 'Sampled staleness',
    help: 'Served entries that are compared with the database. The target is 0 stale ones.',
    main: (f) => [whole(f.audit?.stale), `stale of ${whole(f.audit?.compared)} compared`],
    lines: [
      { label: 'stale', value: (f) => f.audit?.stale, format: () => '', color: 'var(--bad)' },
      { label: 'target', value: () => '0', format: (text) => text },
      { label: 'sampled', value: (f) => f.audit?.ratio, format: percent },
      { label: 'oldest', value: (f) => (f.audit?.oldest ? duration(f.audit.oldest) : ''), format: (text) => text },
    ],
    optional: true,
    absent: (f) => (f?.audit && !f.audit.ratio ? 'Off. Start the server with CACHE_AUDIT=0.01 to compare 1 % of what it serves with the database. The target is 0 stale.' : null),
  },
  {
    title: 'Stale served',
    quiet: true,
    help: 'Expired entries served while they are refreshed or while the database fails.',
    main: (f) => [few(f.all?.stale), 'per second'],
    lines: [{ label: 'stale', value: (f) => f.all?.stale, format: () => '', color: 'var(--warn)' }],
  },
  {
    title: 'Cached “not found”',
    quiet: true,
    help: 'Missing objects answered from the cache.',
    main: (f) => [few(f.all?.negative), 'per second'],
    lines: [{ label: 'not found', value: (f) => f.all?.negative, format: () => '', color: 'var(--near)' }],
  },
  {
    title: 'Rate limited',
    quiet: true,
    help: 'Requests that were refused for their number or their cost.',
    main: (f) => [few(f.limited?.rate), 'requests per second'],
    lines: [{ label: 'refused', value: (f) => f.limited?.rate, format: () => '', color: 'var(--bad)' }],
  },
  {
    title: 'Live connections',
    quiet: true,
    help: 'WebSockets and event streams that are open, and the operations on them.',
    main: (f) => [whole(f.connections && (f.connections.webSockets ?? 0) + (f.connections.streams ?? 0)), 'open'],
    lines: [
      { label: 'WebSockets', value: (f) => f.connections?.webSockets, format: whole, color: 'var(--ink)' },
      { label: 'streams', value: (f) => f.connections?.streams, format: whole, color: 'var(--shared)' },
      { label: 'operations', value: (f) => f.connections?.operations, format: whole },
    ],
  },
  {
    title: 'Uploads',
    quiet: true,
    help: 'Uploads in progress.',
    main: (f) => [whole(f.uploads), 'in progress'],
    lines: [{ label: 'uploads', value: (f) => f.uploads, format: () => '', color: 'var(--ink)' }],
  },
  {
    title: 'Process',
    help: 'CPU and memory of the server process.',
    main: (f) => [f.process?.cpu == null ? '–' : f.process.cpu.toFixed(2), 'cores used'],
    lines: [
      { label: 'cores', value: (f) => f.process?.cpu, format: () => '', color: 'var(--ink)' },
      { label: 'resident', value: (f) => f.process?.resident, format: bytes },
      { label: 'heap', value: (f) => f.process?.heap, format: bytes },
      { label: 'goroutines', value: (f) => f.process?.goroutines, format: whole },
    ],
  },
];
