// The point of an explain report: how many SQL queries the operation took instead of one for each load.
import { element } from './element.js';
import { whole } from './format.js';

export function savings({ loaders, kinds, sql, redis, cold, before }) {
  const used = (loaders ?? []).filter(({ keys }) => keys > 0).toSorted((a, b) => b.keys - a.keys);
  const loads = sum(used, 'keys');
  const queries = sql?.statements ?? 0;
  const instead = loads > queries ? ` instead of ${whole(loads)}` : '';
  const parts = [element('p', { className: 'savings' }, element('strong', {}, `${count(queries, 'SQL query', 'SQL queries')}${instead}`))];
  const facts = [];
  if (loads) facts.push(`${count(loads, 'load')} in ${count(sum(used, 'batches'), 'batch', 'batches')}${from(queries, redis, kinds)}.`);
  if (cold) facts.push('Cold: memory and Redis were bypassed.');
  if (before != null) facts.push(`The run before took ${count(before, 'SQL query', 'SQL queries')}.`);
  else if (queries && loads) facts.push('Run it again: what was loaded is now cached.');
  if (facts.length) parts.push(element('p', { className: 'savings-facts' }, facts.join(' ')));
  if (used.length) {
    const perLoader = used.map(({ name, keys, batches }) =>
      element('li', {}, element('b', {}, name), ` ${count(keys, 'load')} in ${count(batches, 'batch', 'batches')}`),
    );
    parts.push(element('ul', { className: 'savings-loaders', ariaLabel: 'Loads by loader' }, ...perLoader));
  }
  return parts;
}

function from(queries, redis, kinds) {
  if (queries) return '';
  return redis?.roundTrips || sum(kinds ?? [], 'far') ? ', from memory and Redis' : ', all from memory';
}

function count(n, one, many = `${one}s`) {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

function sum(rows, key) {
  return rows.reduce((total, row) => total + (row[key] ?? 0), 0);
}
