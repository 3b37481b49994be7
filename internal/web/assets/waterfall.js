// The steps of an operation as a waterfall: each is a line, below the step that it is a part of, with its time as a bar.
import { element } from './element.js';
import { milliseconds, ms, percent, whole } from './format.js';
import { aboutBatch, aboutStep, isNear, labelOf } from './steps.js';

const most = 80; // steps that are shown at first

// The id of the row of a statement in the table of SQL queries.
export const sqlId = (text) => `sql-${[...text].reduce((hash, c) => (hash * 31 + c.codePointAt(0)) >>> 0, 7)}`;

export function waterfall(report) {
  const { steps, totalMs = 0, stepsDropped } = report;
  if (!steps?.length) return [];
  const total = Math.max(totalMs, ...steps.map(({ at, ms }) => at + ms)) || 1;
  const tree = nested(steps);
  const list = element('ol', { className: 'fall', ariaLabel: 'Steps of the operation in the order of time' });
  list.style.setProperty('--tick', `${(100 * tickOf(total)) / total}%`);
  fill(list, tree, { report, total, left: most });
  const parts = [axis(total), list];
  if (steps.length > most) parts.push(rest(list, steps.length, () => fill(list, tree, { report, total, left: Infinity })));
  if (stepsDropped) parts.push(element('p', { className: 'fall-note' }, `${whole(stepsDropped)} more steps were not kept.`));
  return [element('div', { className: 'fall-all' }, ...parts)];
}

// The steps as nodes with those within them. A parent always stands before its parts; another is no parent.
function nested(steps) {
  const nodes = steps.map((step) => ({ step, parts: [] }));
  return nodes.filter((node, i) => {
    const parent = node.step.parent;
    if (parent == null || !(parent < i)) return true;
    nodes[parent].parts.push(node);
    return false;
  });
}

// Fills a list with nodes and what is within them, as long as there are lines left.
function fill(list, nodes, context, depth = 0) {
  list.replaceChildren();
  for (const node of nodes) {
    if (context.left-- <= 0) return;
    const item = element('li', {}, line(node, context, depth, nodes));
    list.append(item);
    if (node.parts.length === 0) continue;
    const within = element('ol', {});
    item.append(within);
    fill(within, node.parts, context, depth + 1);
  }
}

// A line opens to what else is known of its step.
function line({ step, parts }, { report, total }, depth, siblings) {
  const { text, unit } = labelOf(step);
  // Batches that go together share their round trips, which are then shown next to them.
  const asked = parts.length > 0 || (depth > 0 && siblings.some(({ step: other }) => other.kind === 'redis'));
  const alone = step.kind === 'batch' && isNear(step, report, asked);
  const name = element('span', { className: 'fall-name', title: text }, element('span', { className: 'fall-text' }, text));
  name.style.setProperty('--depth', Math.min(depth, 6));
  if (unit) name.append(element('span', { className: 'fall-count' }, unit));
  if (step.failed) name.append(element('span', { className: 'fall-wrong' }, 'failed'));
  const tiers = step.kind === 'batch' ? aboutBatch(step, report, alone) : null;
  if (tiers?.brief) name.append(element('span', { className: 'fall-count' }, tiers.brief));
  const bar = element('span', { className: 'fall-bar', title: `${text}: ${when(step)}` });
  bar.style.left = `${(100 * step.at) / total}%`;
  bar.style.width = `${(100 * step.ms) / total}%`;
  const summary = element('summary', {}, name, element('span', { className: 'fall-lane' }, bar), element('span', { className: 'fall-ms' }, ms(step.ms)));
  const facts = [`${when(step)}, ${percent(step.ms / total)} of the time`, ...aboutStep(step), ...(tiers ? [tiers.full] : [])];
  const more = element('div', { className: 'fall-more' }, element('p', {}, facts.filter(Boolean).join(' · ')));
  if (step.kind === 'sql') more.append(element('code', {}, step.name), element('a', { href: `#${sqlId(step.name)}` }, 'All runs of this query'));
  const kind = { batch: alone ? 'near' : 'batch', stage: step.name }[step.kind] ?? step.kind;
  return element('details', { className: `fall-line fall-${kind}${step.failed ? ' fall-failed' : ''}` }, summary, more);
}

const when = ({ at, ms: took }) => `${milliseconds(at)} to ${milliseconds(at + took)} ms`;

// The scale above the lanes. It is for the eye: each line says its time in words.
function axis(total) {
  const lane = element('span', { className: 'fall-lane' });
  const tick = tickOf(total);
  for (let at = 0; at <= total * 0.88; at += tick) {
    const mark = element('span', { className: 'fall-tick' }, at === 0 ? '0' : `${Number(at.toPrecision(3))} ms`);
    mark.style.left = `${(100 * at) / total}%`;
    lane.append(mark);
  }
  return element('div', { className: 'fall-axis', ariaHidden: 'true' }, element('span', {}), lane, element('span', {}));
}

// A round distance of ticks, three to six of them.
function tickOf(total) {
  const power = 10 ** Math.floor(Math.log10(total / 3));
  return [5, 2, 1].map((n) => n * power).find((tick) => total / tick >= 3) ?? power;
}

function rest(list, count, showAll) {
  const button = element('button', { type: 'button', className: 'button' }, `Show all ${whole(count)} steps`);
  button.addEventListener('click', () => {
    const shown = list.querySelectorAll('summary').length;
    showAll();
    button.remove();
    list.querySelectorAll('summary')[shown]?.focus();
  });
  return button;
}
