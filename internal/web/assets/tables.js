// The tables of the dashboard: kinds of entries, hottest keys, slowest operations.
import { element } from './element.js';
import { bytes, clock, duration, few, ms, percent, rate, whole } from './format.js';
import { Table } from './table.js';

const meanings = {
  UNAUTHENTICATED: 'No session, or an expired one',
  FORBIDDEN: 'Role or ownership missing',
  NOT_FOUND: 'Missing, or not visible to the viewer',
  BAD_USER_INPUT: 'Invalid argument or input',
  CONFLICT: 'Changed by another writer',
  RATE_LIMITED: 'Quota used up',
  COST_LIMIT_EXCEEDED: 'Too expensive or too slow',
  GRAPHQL_PARSE_FAILED: 'Syntax error in the query',
  GRAPHQL_VALIDATION_FAILED: 'Query does not fit the schema',
  PERSISTED_QUERY_NOT_FOUND: 'Unknown query hash',
  INTERNAL: 'Internal server error, see the log',
};
const plain = (text) => text ?? '';
const name = { label: 'Entity', value: (row) => row.name, show: plain, text: true };
const part = (label, tier, help) => ({ label, help, optional: true, value: (row) => row.share[tier], show: quiet(percent) });
const perSecond = (label, key, help) => ({ label, help, optional: key !== 'requests', value: (row) => row[key], show: quiet(rate) });

export const kinds = new Table({
  caption: 'Hit ratio by entity',
  key: (row) => row.name,
  first: 2,
  empty: 'No loads yet. Run an operation in the Playground.',
  fold: { of: (row) => !row.requests, label: (n) => `${n} without loads in the last minute` },
  columns: [
    name,
    { label: 'Answered by', help: 'memory, Redis, a load in progress, database', value: (row) => row.ratio, show: (_, row) => stack(row.share), text: true },
    perSecond('loads', 'requests', 'Loads per second'),
    { label: 'hit ratio', value: (row) => row.ratio, show: percent },
    part('memory', 'near', 'From memory'),
    part('Redis', 'far', 'From Redis'),
    part('coalesced', 'shared', 'By a load in progress'),
    part('database', 'loads', 'From the database'),
    perSecond('not found', 'negative', 'Missing objects answered from the cache'),
    perSecond('stale', 'stale', 'Expired entries served'),
    { label: 'entries', help: 'In memory', value: (row) => row.entries, show: whole },
    { label: 'size', help: 'In memory', value: (row) => row.bytes, show: bytes },
    { label: 'TTL', help: 'How long an entry is kept', value: (row) => row.ttl, show: duration },
  ],
});

export const keys = new Table({
  caption: 'Hot keys',
  key: (row) => `${row.kind} ${row.key}`,
  first: 2,
  empty: 'No loads in the last minutes. Run an operation in the Playground.',
  columns: [
    { label: 'Entity', value: (row) => row.kind, show: plain, text: true },
    { label: 'Title', value: (row) => row.title, show: long, text: true },
    { label: 'loads', help: 'In the last minutes', value: (row) => row.requests, show: whole },
    { label: 'share', value: (row) => row.part, show: (value) => gauge(value), text: true },
    { label: 'Key', value: (row) => row.key, show: (key) => element('code', { title: key }, key || '(the only one)'), text: true },
  ],
});

export const operations = new Table({
  caption: 'Operations',
  key: (row) => `${row.type} ${row.name}`,
  first: 5,
  empty: 'No operations yet. Run one in the Playground.',
  columns: [
    { label: 'Operation', value: (row) => row.name || '(no name)', show: plain, text: true },
    { label: 'Type', value: (row) => row.type, show: plain, text: true },
    { label: 'count', value: (row) => row.count, show: whole },
    { label: 'mean', value: (row) => row.mean, show: ms },
    { label: 'slowest', value: (row) => row.max, show: ms },
    { label: 'total', help: 'Mean time × count: what it takes of the server', value: (row) => row.mean * row.count, show: ms },
    { label: 'SQL queries', help: 'SQL queries per operation', value: (row) => row.statements, show: quiet(few) },
    { label: 'round trips', help: 'Round trips to Redis per operation', optional: true, value: (row) => row.roundTrips, show: quiet(few) },
    { label: 'errors', value: (row) => row.errors, show: quiet(whole) },
  ],
});

export const errors = new Table({
  caption: 'Errors by code, message and operation',
  key: (row) => `${row.code} ${row.type} ${row.operation} ${row.message}`,
  first: 5,
  empty: 'No errors.',
  columns: [
    { label: 'Last request ID', help: 'Search the log for it', value: (row) => row.request, show: (id) => element('code', { title: id }, id || '–'), text: true },
    { label: 'Code', value: (row) => row.code, show: (code) => element('span', { title: meanings[code] ?? '' }, code), text: true },
    { label: 'Message', help: '… replaces what differs', value: (row) => row.message || meanings[row.code] || '', show: long, text: true },
    { label: 'Operation', value: (row) => row.operation || '(no name)', show: plain, text: true },
    { label: 'count', value: (row) => row.count, show: whole },
    { label: 'last', value: (row) => row.at, show: clock },
  ],
});

// A text that takes several lines if it has to.
function long(text) {
  return element('span', { className: 'table-long' }, text ?? '');
}

// A zero is left out.
function quiet(format) {
  return (value) => (value ? format(value) : '');
}

// Who answered, as one bar.
function stack(share) {
  const tiers = { near: 'near', far: 'far', shared: 'shared', loads: 'database' };
  const parts = Object.entries(tiers).filter(([tier]) => share[tier] > 0);
  const bar = element('span', { className: 'stack', role: 'img' });
  bar.ariaLabel = parts.map(([tier, label]) => `${label} ${percent(share[tier])}`).join(', ') || 'no look-ups';
  for (const [tier, label] of parts) {
    const piece = element('span', { className: `tier-${label}`, title: `${label} ${percent(share[tier])}` });
    piece.style.flexGrow = share[tier];
    bar.append(piece);
  }
  return bar;
}

function gauge(part) {
  const fill = element('span', {});
  fill.style.width = `${part * 100}%`;
  return element('span', { className: 'gauge', ariaHidden: 'true' }, fill);
}
