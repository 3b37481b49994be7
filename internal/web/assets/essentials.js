// The large cards: whether the cache does its work.
import { few, ms, percent, rate } from './format.js';

const short = (value) => Number(value.toPrecision(3)).toLocaleString('en');
const over = (color) => `color-mix(in srgb, ${color} 78%, var(--ground))`; // covers what is below
const faint = (color, part) => `color-mix(in srgb, ${color} ${part}%, transparent)`;

// The three percentiles of a part of the frame, in shades of one color.
function percentiles(part, color) {
  return [
    { label: 'p50', value: (f) => f[part]?.p50, format: ms, color, width: 2 },
    { label: 'p95', value: (f) => f[part]?.p95, format: ms, color: faint(color, 75) },
    { label: 'p99', value: (f) => f[part]?.p99, format: ms, color: faint(color, 60), dash: [4, 3] },
  ];
}

const share = (label, tier, color) => ({ label, value: (f) => f.all?.share?.[tier], format: percent, color, fill: over(color), width: 1 });
const withoutRedis = (frame) =>
  frame?.redis?.configured === false
    ? 'Redis is optional and not configured.'
    : null;

export const essentials = [
  {
    title: 'Hit ratio',
    help: 'Loads answered from memory, from Redis, or by a load in progress, without the database.',
    main: (f) => [percent(f.all?.ratio), 'of loads'],
    lines: [
      share('memory', 'near', 'var(--near)'),
      share('Redis', 'far', 'var(--far)'),
      share('coalesced', 'shared', 'var(--shared)'),
      share('database', 'loads', 'var(--database)'),
    ],
    stacked: true,
    axes: true,
    top: 1,
    scale: (part) => `${part * 100} %`,
  },
  {
    title: 'Operations',
    help: 'GraphQL operations that ended, and those of them that ended with errors.',
    main: (f) => [few(f.operations?.rate), 'per second'],
    lines: [
      { label: 'operations', value: (f) => f.operations?.rate, format: rate, color: 'var(--ink)', fill: faint('var(--ink)', 8) },
      { label: 'with errors', value: (f) => f.operations?.errors, format: rate, color: 'var(--bad)' },
    ],
    axes: true,
    scale: (value) => `${short(value)}/s`,
  },
  {
    title: 'Operation latency',
    help: 'How long operations took, from the parsed request to the answer.',
    main: (f) => [ms(f.operations?.p95), 'p95'],
    lines: percentiles('operations', 'var(--ink)'),
    axes: true,
    scale: (value) => `${short(value)} ms`,
  },
  {
    title: 'SQL queries saved',
    help: 'SQL queries that one query for each load would have taken, minus those that were sent.',
    main: (f) => [few(f.saved?.statements), 'per second'],
    lines: [
      { label: 'statements', value: (f) => f.saved?.statements, format: rate, color: 'var(--database)', fill: faint('var(--database)', 10) },
      { label: 'round trips to Redis', value: (f) => f.saved?.roundTrips, format: rate, color: 'var(--far)' },
    ],
    axes: true,
    scale: (value) => `${short(value)}/s`,
  },
  {
    title: 'Redis latency',
    help: 'Time of Redis round trips.',
    main: (f) => [ms(f.far?.p95), 'p95'],
    lines: [
      ...percentiles('far', 'var(--far)'),
      { label: 'round trips', value: (f) => f.far?.rate, format: rate },
      { label: 'failed', value: (f) => f.far?.errors, format: rate },
    ],
    absent: withoutRedis,
    optional: true,
    axes: true,
    scale: (value) => `${short(value)} ms`,
  },
  {
    title: 'Database',
    help: 'Time of SQL queries, and loads that were not cached.',
    main: (f) => [ms(f.sql?.p95), 'p95'],
    lines: [
      ...percentiles('sql', 'var(--database)'),
      { label: 'statements', value: (f) => f.sql?.rate, format: rate },
      { label: 'keys loaded', value: (f) => f.loads?.rate, format: rate },
      { label: 'loads p95', value: (f) => f.loads?.p95, format: ms },
      { label: 'loads failed', value: (f) => f.loads?.errors || null, format: (v) => (v ? rate(v) : '') },
    ],
    axes: true,
    scale: (value) => `${short(value)} ms`,
  },
];
