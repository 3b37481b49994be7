// The explain panel: what the server did for the result above it. It shows whatever part of a report is there.
import { element } from './element.js';
import { milliseconds, whole } from './format.js';
import { resizable } from './resize.js';
import { savings } from './savings.js';
import { sqlId, waterfall } from './waterfall.js';

const columns = {
  loaders: { Loader: 'name', loads: 'keys', 'different keys': 'unique', batches: 'batches' },
  kinds: { Entity: 'name', memory: 'near', Redis: 'far', stale: 'stale', 'cached “not found”': 'negative', coalesced: 'shared', database: 'loads' },
  redis: { Redis: 'name', 'round trips': 'roundTrips', commands: 'commands', ms: 'ms' },
  sql: { 'SQL query': 'text', count: 'count', rows: 'rows', ms: 'ms' },
};

const guide = element(
  'div',
  { className: 'explain-guide' },
  element('p', {}, 'This is the GraphQL Playground of docsquare. The editor on the left has a query.'),
  element('p', {}, 'Press ▶ or Ctrl+Enter to run it. The result is shown here, and how many SQL queries it took.'),
  element('p', {}, 'Run it again: the answer comes from the cache, with 0 SQL queries. “Run cold” bypasses the cache for one run.'),
);
const body = element('div', { className: 'explain-body' });
const title = element('strong', {}, 'Explain');
const brief = element('span', { className: 'explain-brief' });
const toggle = element('button', { type: 'button', className: 'explain-toggle' }, title, brief);
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

  // Calls back when the visitor wants to see the examples.
  onExamples(open) {
    const button = element('button', { type: 'button', className: 'button' }, 'Show the examples');
    button.addEventListener('click', open);
    guide.append(button);
  },

  // Shows a report; a guide before the first answer of a tab; nothing for an answer without a report.
  show(report, answered = false) {
    root.ariaBusy = 'false';
    root.hidden = !report && answered;
    title.textContent = report ? 'Explain' : 'Start here';
    root.classList.toggle('explain-empty', !report);
    brief.textContent = '';
    if (!report) {
      body.replaceChildren(guide);
      return;
    }
    const numbers = headline(report);
    brief.textContent = numbers.filter(({ brief }) => brief).map(({ value, label }) => `${value} ${label}`).join(' · ');
    body.replaceChildren(
      ...savings(report),
      tiles(numbers),
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
    { label: 'SQL queries', value: sql?.statements, brief: true, always: true },
    { label: 'Redis round trips', value: redis?.roundTrips, brief: true },
    { label: 'from memory', value: sum(kinds, 'near') },
    { label: 'from Redis', value: sum(kinds, 'far') },
    { label: 'from the database', value: sum(kinds, 'loads') },
    { label: 'batches', value: sum(loaders, 'batches') },
    { label: cost?.estimated == null ? 'cost' : `cost, ${whole(cost.estimated)} estimated`, value: cost?.actual },
    { label: 'ms in total', value: totalMs, format: milliseconds, brief: true },
  ].filter(({ value, always }) => value || always).map((number) => ({ ...number, value: number.value == null ? '–' : (number.format ?? whole)(number.value) }));
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
  const titles = { parse: 'parse', validate: 'validate', sql: 'SQL', redis: 'Redis', rest: 'resolving and the rest' };
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
  const shown = Object.entries(columns).filter(([, key]) => rows.some((row) => row[key]));
  const head = shown.map(([label]) => element('th', { scope: 'col' }, label));
  const lines = rows.map((row) => element('tr', row.text ? { id: sqlId(row.text) } : {}, ...shown.map(([, key]) => cell(key, row[key]))));
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
  return element('td', {}, value ? text : '');
}

// A statement shows its first lines and opens to all of them.
function statement(text) {
  return element('details', {}, element('summary', {}, element('code', {}, text)));
}

function tags(list) {
  if (!list?.length) return [];
  const chips = list.map((tag) => element('code', {}, tag));
  const label = `Invalidated by ${list.length} cache ${list.length === 1 ? 'tag' : 'tags'}`;
  return [element('details', { className: 'explain-tags' }, element('summary', {}, label), ...chips)];
}

function sum(rows, key) {
  return rows?.reduce((total, row) => total + (row[key] ?? 0), 0);
}
