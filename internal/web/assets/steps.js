// What the steps of an explain report are called, and what is known of them.
import { percent, whole } from './format.js';

const units = { batch: ['key', 'keys'], load: ['key', 'keys'], redis: ['command', 'commands'], sql: ['row', 'rows'], level: ['batch', 'batches'] };

// The text of a step and what it was about, in a few words.
export function labelOf({ kind, name, count }) {
  const texts = { redis: `Redis ${name}`, sql: shortened(name), load: `load ${name}`, level: name || 'level' };
  return { text: texts[kind] ?? name, unit: kind === 'sql' && !tableOf(name) ? '' : unitOf(kind, count) };
}

function unitOf(kind, count) {
  const [one, many] = units[kind] ?? [];
  return count != null && one && !(kind === 'level' && count === 0) ? `${whole(count)} ${count === 1 ? one : many}` : '';
}

// A statement by its verb and its first table.
function shortened(text = '') {
  const [, verb] = /^\s*(\w+)/.exec(text) ?? [];
  const table = tableOf(text);
  return table ? `${verb.toUpperCase()} ${table}` : text.slice(0, 40);
}

function tableOf(text = '') {
  return /\b(?:FROM|INTO|UPDATE)\s+["`]?(\w+)/i.exec(text)?.[1];
}

const meanings = {
  stage: 'before the execution',
  level: 'batches that run together',
  load: 'not cached, loaded from the database',
  redis: 'one round trip to Redis',
  sql: 'one SQL statement',
};

export function aboutStep({ kind }) {
  return [meanings[kind] ?? ''];
}

// Whether the near tier alone answered a batch. asked says that Redis or the database may have been asked for it; the
// counts of its kind know better, where they are about this batch only.
export function isNear({ name }, { kinds, loaders }, asked) {
  const kind = kinds?.find((k) => k.name === snake(name));
  const only = loaders?.find((l) => l.name === name)?.batches === 1;
  return kind && only ? !(kind.far || kind.loads || kind.shared) : !asked;
}

// Who answered a batch. The report has it for each kind of entries; it is that of the batch where its loader made no other.
// near is true if the near tier alone answered it.
export function aboutBatch({ name }, { kinds, loaders }, near) {
  const loader = loaders?.find((l) => l.name === name);
  const kind = kinds?.find((k) => k.name === snake(name));
  const about = [loader ? ofLoader(loader) : '', near ? 'from memory' : ''];
  if (!kind) return { brief: '', full: about.filter(Boolean).join(' · ') };
  const parts = Object.entries({ memory: kind.near, Redis: kind.far, coalesced: kind.shared, database: kind.loads }).filter(([, n]) => n > 0);
  const text = parts.map(([tier, n]) => `${tier} ${whole(n)}`).join(', ');
  const all = parts.reduce((total, [, n]) => total + n, 0);
  const ratio = all ? `${percent(1 - (kind.loads ?? 0) / all)} without the database` : '';
  return { brief: loader?.batches === 1 ? text : '', full: [...about, `${kind.name}: ${text || 'no load'}`, ratio].filter(Boolean).join(' · ') };
}

function ofLoader({ name, keys, unique, batches }) {
  const which = batches === 1 ? `the only batch of ${name}` : `one of ${whole(batches)} batches of ${name}`;
  return `${which}, which had ${whole(keys)} ${keys === 1 ? 'load' : 'loads'} of ${whole(unique)} different ${unique === 1 ? 'key' : 'keys'}`;
}

// User.stats → user_stats: as a loader is called, and as the kind of entries that it reads.
function snake(name = '') {
  return name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toLowerCase();
}
