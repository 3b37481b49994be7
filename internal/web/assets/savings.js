// One sentence about an operation: how many statements resolvers alone would have sent, one for each look-up, and what it
// took instead.
import { element } from './element.js';
import { whole } from './format.js';

export function savings({ loaders, sql, redis }) {
  const used = (loaders ?? []).filter(({ keys }) => keys > 0).toSorted((a, b) => b.keys - a.keys);
  const lookUps = sum(used, 'keys');
  const took = { statements: sql?.statements ?? 0, roundTrips: redis?.roundTrips ?? 0 };
  if (lookUps === 0) return [];
  const batches = sum(used, 'batches');
  const start = `${count(lookUps, 'look-up')} in ${count(batches, 'batch', 'batches')}`;
  const instead = lookUps > batches ? ' instead of N+1' : '';
  const sentence = element('p', { className: 'savings' }, element('strong', {}, start), `${instead}${comparison(lookUps, took)}`);
  const perLoader = used.map((loader) => element('li', { className: loader.keys > loader.batches ? '' : 'savings-single' }, ...outcome(loader)));
  return [sentence, element('ul', { className: 'savings-loaders', ariaLabel: 'Look-ups by loader' }, ...perLoader)];
}

// Where the operation sent more than its look-ups, it wrote or listed: then there is nothing to compare.
function comparison(lookUps, { statements, roundTrips }) {
  const alone = `resolvers alone would have sent ${count(lookUps, 'statement')}`;
  const took = `${statements ? count(statements, 'statement') : 'no statement'} and ${roundTrips ? count(roundTrips, 'round trip') : 'no round trip'}`;
  if (statements + roundTrips === 0) return `; ${alone}, this took ${took}: everything came from the process.`;
  return statements < lookUps ? `; ${alone}, this took ${took}.` : `. With its writes and lists the operation took ${took}.`;
}

function outcome({ name, keys, batches }) {
  return [element('b', {}, name), ` ${count(keys, 'look-up')} in ${count(batches, 'batch', 'batches')}`];
}

function count(n, one, many = `${one}s`) {
  return `${whole(n)} ${n === 1 ? one : many}`;
}

function sum(rows, key) {
  return rows.reduce((total, row) => total + (row[key] ?? 0), 0);
}
