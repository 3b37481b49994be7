// The explain panel: what the server did for the result above it. It shows whatever part of a report is there.
import { element } from './element.js';
import { milliseconds, whole } from './format.js';
import { resizable } from './resize.js';
import { savings } from './savings.js';
import { waterfall } from './waterfall.js';

const columns = {
  loaders: { Loader: 'name', keys: 'keys', unique: 'unique', batches: 'batches', 'by timer': 'timer' },
  kinds: { Kind: 'name', near: 'near', far: 'far', stale: 'stale', negative: 'negative', shared: 'shared', loads: 'loads' },
  redis: { Redis: 'name', 'round trips': 'roundTrips', commands: 'commands', ms: 'ms' },
  sql: { 'SQL statement': 'text', count: 'count', rows: 'rows', ms: 'ms' },
};

const body = element('div', { className: 'explain-body' });
const brief = element('span', { className: 'explain-brief' });
const toggle = element('button', { type: 'button', className: 'explain-toggle' }, element('strong', {}, 'Explain'), brief);
const root = element('section', { className: 'explain', hidden: true, ariaLabel: 'Explain' }, toggle, body);
root.prepend(resizable(root));

toggle.addEventListener('click', () => collapse(!root.classList.contains('explain-collapsed')));
collapse(false);

// The result above gets what the panel leaves, and its editor measures itself again with the window only.
new ResizeObserver(() => window.dispatchEvent(new Event('resize'))).observe(root);

export const panel = {
  element: root,

  // Dims what it shows, for it is about to be replaced.
  wait() {
    root.ariaBusy = 'true';
  },

  // Goes on to show what it shows: nothing is to come.
  rest() {
    root.ariaBusy = 'false';
  },

  // Shows a report, or nothing where an answer came without one.
  show(report) {
    root.ariaBusy = 'false';
    root.hidden = !report;
    if (!report) return;
    const numbers = headline(report);
    brief.textContent = numbers.filter(({ brief }) => brief).map(({ value, label }) => `${value} ${label}`).join(' · ');
    body.replaceChildren(
      tiles(numbers),
      ...savings(report),
      ...timeBar(report),
      ...waterfall(report),
      ...tables(report),
      ...tags(report.tags),
    );
    body.scrollTop = 0;
  },
};

function collapse(collapsed) {
  root.classList.toggle('explain-collapsed', collapsed);
  toggle.ariaExpanded = String(!collapsed);
}

function headline({ totalMs, sql, redis, kinds, loaders, cost }) {
  return [
    { label: 'SQL statements', value: sql?.statements, brief: true },
    { label: 'Redis round trips', value: redis?.roundTrips, brief: true },
    { label: 'near hits', value: sum(kinds, 'near') },
    { label: 'far hits', value: sum(kinds, 'far') },
    { label: 'loads', value: sum(kinds, 'loads') },
    { label: 'batches', value: sum(loaders, 'batches') },
    { label: cost?.estimated == null ? 'cost' : `cost, ${whole(cost.estimated)} estimated`, value: cost?.actual },
    { label: 'ms in total', value: totalMs, format: milliseconds, brief: true },
  ].map((number) => ({ ...number, value: number.value == null ? '–' : (number.format ?? whole)(number.value) }));
}

function tiles(numbers) {
  const list = numbers.map(({ label, value }) => element('div', {}, element('dd', {}, value), element('dt', {}, label)));
  return element('dl', { className: 'explain-tiles' }, ...list);
}

// SQL and Redis are parts of the execution; what is left of the total is the work of the server itself. Calls that
// overlap can add up to more than the total, so the bar is as long as the sum.
function timeBar({ totalMs = 0, parts }) {
  if (!parts) return [];
  const { parse = 0, validate = 0, sql = 0, redis = 0 } = parts;
  const rest = Math.max(0, totalMs - parse - validate - sql - redis);
  const named = Object.entries({ parse, validate, sql, redis, rest }).filter(([, ms]) => ms >= 0.005);
  const bar = element('div', { className: 'explain-bar', role: 'presentation' });
  const legend = element('ul', { className: 'explain-legend' });
  const titles = { parse: 'parse', validate: 'validate', sql: 'SQL', redis: 'Redis', rest: 'resolve and the rest' };
  for (const [name, ms] of named) {
    const segment = element('span', { className: `explain-part-${name}`, title: `${titles[name]}: ${milliseconds(ms)} ms` });
    segment.style.flexGrow = ms;
    bar.append(segment);
    legend.append(element('li', { className: `explain-part-${name}` }, `${titles[name]} ${milliseconds(ms)} ms`));
  }
  return [bar, legend];
}

function tables({ loaders, kinds, sql, redis }) {
  const small = [
    table(columns.kinds, kinds),
    table(columns.loaders, loaders),
    table(columns.redis, redis?.roundTrips ? [{ name: 'all calls', ...redis }] : []),
  ];
  return [element('div', { className: 'explain-tables' }, ...small), table(columns.sql, sql?.list)];
}

function table(columns, rows) {
  if (!rows?.length) return '';
  const head = Object.keys(columns).map((label) => element('th', { scope: 'col' }, label));
  const lines = rows.map((row) => element('tr', {}, ...Object.values(columns).map((key) => cell(key, row[key]))));
  return element(
    'div',
    { className: 'explain-scroll' },
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...lines)),
  );
}

function cell(key, value) {
  if (key === 'name') return element('th', { scope: 'row' }, value ?? '');
  if (key === 'text') return element('td', { className: 'explain-sql' }, statement(value ?? ''));
  const text = key === 'ms' ? milliseconds(value ?? 0) : whole(value ?? 0);
  return element('td', { className: value ? '' : 'explain-zero' }, text);
}

// A statement shows its first lines and opens to all of them.
function statement(text) {
  return element('details', {}, element('summary', {}, element('code', {}, text)));
}

function tags(list) {
  if (!list?.length) return [];
  const chips = list.map((tag) => element('code', {}, tag));
  const label = `${list.length} cache ${list.length === 1 ? 'tag' : 'tags'} that the answer depends on`;
  return [element('details', { className: 'explain-tags' }, element('summary', {}, label), ...chips)];
}

function sum(rows, key) {
  return rows?.reduce((total, row) => total + (row[key] ?? 0), 0);
}
