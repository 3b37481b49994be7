// What the top of the dashboard says: whether it is live, how the parts of the server are, and whether Redis is away.
import { element } from './element.js';
import { clock, duration, whole } from './format.js';
import { isAway } from './history.js';
import { askToSignIn } from './sign-in.js';

const byId = (id) => document.getElementById(id);

const refusals = {
  401: 'Sign in as an administrator to see the dashboard.',
  403: 'Administrator role required.',
  404: 'The dashboard is off.',
};

byId('gate-sign-in').addEventListener('click', askToSignIn);

// Shows the state of the feed, as feed.js tells it.
export function showFeed({ state, since, reason, status }, paused) {
  const texts = { connecting: 'connecting …', live: paused ? 'paused' : 'live', refused: 'not allowed' };
  const text = texts[state] ?? `reconnecting since ${since.toLocaleTimeString('en-GB')}`;
  const live = byId('live');
  live.className = `live live-${paused && state === 'live' ? 'paused' : state}`;
  live.title = reason ?? '';
  if (live.textContent !== text) live.textContent = text;
  byId('gate').hidden = state !== 'refused';
  byId('content').hidden = state === 'refused';
  byId('pause').hidden = state === 'refused';
  if (state !== 'refused') return;
  byId('gate-text').textContent = refusals[status];
  byId('gate-sign-in').hidden = status === 404;
}

// Shows what the server is and how its parts are.
export function showServer({ version, commit, environment, startedAt, parts }, frame) {
  const up = startedAt && frame ? `up ${duration(Math.max(0, frame.at - startedAt))}` : '';
  byId('server').textContent = [version, commit && !version?.includes(commit.slice(0, 12)) ? `commit ${commit.slice(0, 12)}` : '', environment, up].filter(Boolean).join(' · ');
  const chips = (parts ?? []).filter(({ state }) => state !== 'off').map(({ name, state }) => element('li', { className: `part part-${state}` }, `${name} ${state}`));
  const old = [...byId('parts').children].map((chip) => chip.textContent).join();
  if (old !== chips.map((chip) => chip.textContent).join()) byId('parts').replaceChildren(...chips);
}

// Shows that Redis is away. The sentence stays the same while it is, so that it is read out once; the numbers next to it are
// not read out.
export function showOutage(frame, outages) {
  const away = isAway(frame);
  byId('bands').hidden = outages.length === 0;
  byId('outage').hidden = !away;
  const text = away
    ? 'Redis unavailable, bypassed. Reads use memory and the database: answers stay correct, but take longer.'
    : '';
  if (byId('outage-text').textContent !== text) byId('outage-text').textContent = text;
  if (!away) return;
  const [from, to] = outages.at(-1) ?? [frame.at, frame.at];
  const rows = frame.outbox?.rows;
  const waiting = rows == null ? '' : ` · ${whole(rows)} ${rows === 1 ? 'invalidation waits' : 'invalidations wait'} in the outbox`;
  byId('outage-since').textContent = `Since ${clock(from)}, ${duration(to - from)}${waiting}`;
}
