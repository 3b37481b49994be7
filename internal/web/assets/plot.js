// Plots over time. All have one time axis and one cursor.
import { element } from './element.js';
import { clock, few } from './format.js';

const { uPlot } = window;
const group = 'dashboard';
const plots = new Set();
const least = 120; // seconds that the time axis shows at least

const outages = { list: [] };

// Tells all plots when Redis was away, before they draw.
export function markOutages(list) {
  outages.list = list;
}

// A canvas knows no custom properties: an element tells what they are in the present colors.
const probe = element('span', { hidden: true });
document.body.append(probe);
const seen = new Map();
function color(value) {
  if (!seen.has(value)) {
    probe.style.color = value;
    seen.set(value, getComputedStyle(probe).color);
  }
  return seen.get(value);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  seen.clear();
  plots.forEach((plot) => plot.redraw());
});

const resized = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    if (contentRect.width) target.plot.setSize({ width: Math.floor(contentRect.width), height: target.plot.height });
  }
});

// Puts a plot into an element. Series are {label, color, fill, dash, width}; axes says whether scales are written at it;
// scale writes the numbers of the vertical one, top is its end where that is fixed. onCursor hears the index of the
// frame that the cursor of any plot is at, or null. Returns what sets the columns: times first, then each series.
export function plot(place, { series, axes, scale, top, height, onCursor }) {
  const options = {
    width: 200,
    height,
    legend: { show: false },
    padding: axes ? [8, 18, 0, 0] : [3, 1, 3, 1],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 }, sync: { key: group, scales: ['x', null] } },
    scales: {
      x: { range: (u, min, max) => lately(min, max ?? Date.now() / 1000) },
      y: { range: (u, min, max) => [0, top ?? roomy(clipped(u) ?? max)] },
    },
    axes: axes ? [timeAxis(), valueAxis(scale)] : [{ show: false }, { show: false }],
    series: [{}, ...series.map(line)],
    hooks: { drawClear: [outage('var(--away)')], draw: [outage('var(--warn)', 2), peak(scale)], setCursor: [(u) => onCursor(u.cursor.left >= 0 ? u.cursor.idx : null)] },
  };
  const u = new uPlot(options, [[], ...series.map(() => [])], place);
  place.plot = u;
  plots.add(u);
  resized.observe(place);
  place.addEventListener('keydown', (event) => step(u, event));
  place.addEventListener('blur', () => u.setCursor({ left: -10, top: -10 }));
  return (columns) => u.setData(columns);
}

const lately = (min, max) => [Math.min(min ?? max, max - least), max];
const roomy = (max) => (max > 0 ? max * 1.1 : 1);

// A few values that are far above all others would press those to the ground: where the scale ends then, undefined if there are none.
function clipped(u) {
  const values = u.data.slice(1).flat().filter((v) => v != null).sort((a, b) => a - b);
  const usual = values[Math.floor(values.length * 0.98)];
  return values.length >= 40 && usual > 0 && values.at(-1) > 4 * usual ? 1.5 * usual : undefined;
}

// Writes how high a plot goes that is clipped.
function peak(scale) {
  return (u) => {
    if (clipped(u) === undefined) return;
    const most = Math.max(...u.data.slice(1).flat().filter((v) => v != null));
    const { left, top, width } = u.bbox;
    u.ctx.save();
    u.ctx.font = `${11 * devicePixelRatio}px Roboto, system-ui, sans-serif`;
    u.ctx.fillStyle = color('var(--ink-weak)');
    u.ctx.textAlign = 'right';
    u.ctx.textBaseline = 'top';
    u.ctx.fillText(`▲ ${scale ? scale(most) : few(most)}`, left + width, top + 2 * devicePixelRatio);
    u.ctx.restore();
  };
}

function line({ color: stroke, fill, dash, width }) {
  return {
    stroke: () => color(stroke),
    fill: fill && (() => color(fill)),
    width: width ?? 1.5,
    dash,
    points: { show: (u, i) => u.data[i].filter((v) => v != null).length === 1, size: 4, fill: () => color(stroke) },
  };
}

const text = { font: '11px Roboto, system-ui, sans-serif', stroke: () => color('var(--ink-weak)'), ticks: { show: false } };
const grid = { stroke: () => color('var(--line)'), width: 1 };

function timeAxis() {
  const values = (u, splits) => splits.map((at) => clock(at).slice(0, at % 60 ? 8 : 5));
  return { ...text, size: 22, gap: 4, space: 70, grid: { show: false }, incrs: [10, 30, 60, 120, 300], values };
}

function valueAxis(scale) {
  return { ...text, size: 50, gap: 4, space: 28, grid, values: (u, splits) => splits.map((v) => (v === 0 ? '0' : scale(v))) };
}

// Draws the times without Redis: as bands behind the lines, and at their upper edge, where nothing covers them.
function outage(fill, height) {
  return (u) => {
    const { left, top, width } = u.bbox;
    u.ctx.fillStyle = color(fill);
    for (const [from, to] of outages.list) {
      const begin = Math.max(left, u.valToPos(from, 'x', true));
      const end = Math.min(left + width, u.valToPos(to, 'x', true));
      if (end > begin) u.ctx.fillRect(begin, top, end - begin, height ? height * devicePixelRatio : u.bbox.height);
    }
  };
}

// Arrow keys move the cursor of a plot that has the focus.
function step(u, event) {
  const [times] = u.data;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || times.length === 0) return;
  event.preventDefault();
  const from = u.cursor.left >= 0 ? u.cursor.idx : times.length;
  const to = Math.max(0, Math.min(times.length - 1, from + by));
  u.setCursor({ left: u.valToPos(times[to], 'x'), top: 0 });
}
