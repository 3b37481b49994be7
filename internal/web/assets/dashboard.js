// The live dashboard: follows the feed and shows what it brings, each frame once, and nothing new while it is paused.
import { Card } from './card.js';
import { conditions } from './conditions.js';
import { essentials } from './essentials.js';
import { follow } from './feed.js';
import { clock, duration } from './format.js';
import { History } from './history.js';
import { markOutages } from './plot.js';
import { settings } from './settings.js';
import { showFeed, showOutage, showServer } from './state.js';
import * as tables from './tables.js';

const byId = (id) => document.getElementById(id);
const recent = 60; // seconds that the table of kinds is about

const history = new History();
let now = {};
let feed = { state: 'connecting' };
let paused = false;
let cursor = null; // the time that the cursor is at
let waiting = false; // for the browser to draw

const cards = [
  ...essentials.map((declared) => place('essentials', declared)),
  ...conditions.map((declared) => place('conditions', declared)),
];
for (const [name, table] of Object.entries(tables)) byId(`table-${name}`).append(table.element);

function place(section, declared) {
  const card = new Card(declared, (at) => {
    cursor = at;
    showTime();
  });
  byId(section).append(card.element);
  return card;
}

const receive = {
  history: (frames) => history.merge(frames),
  frame: (frame) => history.add(frame),
  now: (tables) => (now = tables),
};

follow(
  settings.events,
  (event, data) => {
    receive[event]?.(data);
    if (!paused) draw();
  },
  (state) => {
    feed = state;
    showFeed(feed, paused);
  },
);

byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').textContent = paused ? 'Resume' : 'Pause';
  showFeed(feed, paused);
  if (!paused) draw();
});

// Draws once for all that arrived, when the page is to be seen.
function draw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const frames = history.withGaps();
    const outages = history.outages();
    markOutages(outages);
    cards.forEach((card) => card.show(frames, now));
    showSilent();
    showOutage(history.last, outages);
    showServer(now, history.last);
    showTables();
    showTime();
  });
}

// Names the cards that are hidden because there was nothing but 0 in them.
function showSilent() {
  const titles = cards.filter((card) => card.silent).map(({ title }) => title);
  byId('silent').hidden = !titles.length;
  const text = `0 in all of this time: ${titles.join(', ')}`;
  if (byId('silent').textContent !== text) byId('silent').textContent = text;
}

function showTables() {
  const ttl = new Map(now.kinds?.map((kind) => [kind.name, kind.ttl]));
  tables.kinds.show(history.kinds(recent).map((kind) => ({ ...kind, ttl: ttl.get(kind.name) })));
  const most = Math.max(...(now.hotKeys ?? []).map(({ requests }) => requests));
  tables.keys.show((now.hotKeys ?? []).map((key) => ({ ...key, part: key.requests / most })));
  tables.operations.show(now.operations ?? []);
  byId('errors').hidden = !now.errors?.length;
  tables.errors.show(now.errors ?? []);
}

// Says what time the numbers are of.
function showTime() {
  const { frames, last } = history;
  byId('time').textContent = cursor
    ? `at ${clock(cursor)}`
    : last
      ? `Last ${inMinutes(last.at - frames[0].at)} (${clock(last.at)})`
      : 'waiting for the first numbers';
}

function inMinutes(seconds) {
  return duration(seconds > 120 ? Math.round(seconds / 60) * 60 : seconds);
}
