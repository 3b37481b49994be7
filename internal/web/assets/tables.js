// The tables of the dashboard: kinds of entries, hottest keys, slowest operations.
import { element } from './element.js';
import { bytes, duration, few, ms, percent, rate, whole } from './format.js';
import { Table } from './table.js';

const plain = (text) => text ?? '';
const name = { label: 'Kind', value: (row) => row.name, show: plain, text: true };
const part = (label, tier, help) => ({ label, help, value: (row) => row.share[tier], show: quiet(percent) });
const perSecond = (label, key, help) => ({ label, help, value: (row) => row[key], show: quiet(rate) });

export const kinds = new Table({
  caption: 'Hit ratio by kind and tier',
  key: (row) => row.name,
  first: 2,
  empty: 'No kind of entry was asked for yet. Run an operation in the Playground: what it reads appears here.',
  columns: [
    name,
    { label: 'Answered by', help: 'near tier, Redis, a load under way, database', value: (row) => row.ratio, show: (_, row) => stack(row.share), text: true },
    perSecond('look-ups', 'requests', 'Look-ups per second'),
    { label: 'hit ratio', value: (row) => row.ratio, show: percent },
    part('near', 'near', 'By the process'),
    part('far', 'far', 'By Redis'),
    part('shared', 'shared', 'From a load that was under way already'),
    part('database', 'loads', 'Read from the database'),
    perSecond('negative', 'negative', 'Hits that say there is nothing'),
    perSecond('stale', 'stale', 'Served past their time'),
    { label: 'entries', help: 'In the near tier', value: (row) => row.entries, show: whole },
    { label: 'weight', help: 'Of the near tier', value: (row) => row.bytes, show: bytes },
    { label: 'TTL', help: 'How long an entry is kept', value: (row) => row.ttl, show: duration },
  ],
});

export const keys = new Table({
  caption: 'Hottest keys',
  key: (row) => `${row.kind} ${row.key}`,
  first: 2,
  empty: 'No key was asked for in the last minutes. Run an operation in the Playground.',
  columns: [
    { label: 'Kind', value: (row) => row.kind, show: plain, text: true },
    { label: 'Key', value: (row) => row.key, show: (key) => element('code', { title: key }, key || '(the only one)'), text: true },
    { label: 'look-ups', help: 'In the last minutes', value: (row) => row.requests, show: whole },
    { label: '', value: (row) => row.part, show: (value) => gauge(value), text: true },
  ],
});

export const operations = new Table({
  caption: 'Slowest operations',
  key: (row) => `${row.type} ${row.name}`,
  first: 5,
  empty: 'No operation has ended yet. Run one in the Playground.',
  columns: [
    { label: 'Operation', value: (row) => row.name || '(no name)', show: plain, text: true },
    { label: 'Type', value: (row) => row.type, show: plain, text: true },
    { label: 'count', value: (row) => row.count, show: whole },
    { label: 'mean', value: (row) => row.mean, show: ms },
    { label: 'slowest', value: (row) => row.max, show: ms },
    { label: 'total', help: 'Mean time × count: what it takes of the server', value: (row) => row.mean * row.count, show: ms },
    { label: 'statements', help: 'SQL statements per operation', value: (row) => row.statements, show: quiet(few) },
    { label: 'round trips', help: 'Round trips to Redis per operation', value: (row) => row.roundTrips, show: quiet(few) },
    { label: 'errors', value: (row) => row.errors, show: quiet(whole) },
  ],
});

// A number that is zero steps back.
function quiet(format) {
  return (value) => (value ? format(value) : element('span', { className: 'quiet' }, format(value)));
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
