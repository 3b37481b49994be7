// The live feed of the dashboard: an event stream that comes back after every break.
import { events } from './events.js';
import { forget, onSession, withAuthorization } from './session.js';

const pauses = [1, 2, 4, 8, 15]; // seconds before another try, each after a failure that follows the one before
const silence = 12; // seconds without an event, after which the connection counts as lost

// Follows the feed as the signed-in user. onEvent hears the name of an event and its data; onState hears one of
// {state: 'connecting'}, {state: 'live'}, {state: 'lost', since, reason}, {state: 'refused', status}, with a Date.
export function follow(address, onEvent, onState) {
  let attempt = null; // the AbortController of the connection that counts
  let failures = 0;
  let since = null; // when it was lost
  let timer;

  // Called now, too. Another viewer may see what this one may not.
  onSession(() => {
    failures = 0;
    since = null;
    connect();
  });

  async function connect() {
    clearTimeout(timer);
    attempt?.abort();
    const mine = (attempt = new AbortController());
    if (!since) onState({ state: 'connecting' });
    const reason = await read(mine).catch(() => 'The server cannot be reached.');
    if (mine !== attempt || !reason) return;
    since ??= new Date();
    onState({ state: 'lost', since, reason });
    timer = setTimeout(connect, pauses[Math.min(failures++, pauses.length - 1)] * 1000);
  }

  // Reads one connection to its end and returns why it ended; nothing where another try would not help.
  async function read(mine) {
    const headers = withAuthorization(new Headers({ Accept: 'text/event-stream' }));
    const response = await fetch(address, { headers, signal: mine.signal });
    if (mine !== attempt) return;
    if (response.status === 401 && forget(headers)) return; // which connects again, as a guest
    if ([401, 403, 404].includes(response.status)) {
      onState({ state: 'refused', status: response.status });
      return;
    }
    if (!response.ok) return `The server answered ${response.status} ${response.statusText}.`;
    const heard = watch(mine);
    for await (const { event, data } of events(response.body)) {
      if (mine !== attempt) return;
      heard();
      failures = 0;
      since = null;
      onState({ state: 'live' });
      if (data) onEvent(event, JSON.parse(data)); // without data it only shows that the server is there
    }
    return 'The connection was cut off.';
  }

  // Breaks a connection off that has fallen silent: a broken network does not tell.
  function watch(mine) {
    let alarm;
    const heard = () => {
      clearTimeout(alarm);
      alarm = setTimeout(() => mine.abort(), silence * 1000);
    };
    heard();
    mine.signal.addEventListener('abort', () => clearTimeout(alarm));
    return heard;
  }
}
