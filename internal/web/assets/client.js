import { events } from './events.js';
import { settings } from './settings.js';

// Sends an operation and returns the answer of the server. Whatever goes wrong on the way comes back as an answer with
// errors too, so there is one way to show it.
export async function send(operation, headers = new Headers()) {
  let response;
  try {
    response = await post(operation, headers, 'application/graphql-response+json, application/json;q=0.9');
  } catch {
    return failure('The server cannot be reached.');
  }
  return answerOf(response);
}

// Sends a subscription and calls back with every answer until the server ends it or the signal stops it. A stream that
// breaks off is no end: the last answer comes again then, and says so.
export async function stream(operation, headers, onAnswer, signal) {
  let response;
  try {
    response = await post(operation, headers, 'text/event-stream', signal);
  } catch {
    if (!signal.aborted) onAnswer(failure('The server cannot be reached.'));
    return;
  }
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
    onAnswer(await answerOf(response)); // the request was refused before there was a stream
    return;
  }
  let last = {};
  for await (const { event, data } of events(response.body)) {
    if (event === 'complete') return;
    if (event === 'next') onAnswer((last = JSON.parse(data)));
  }
  if (signal.aborted) return;
  const { errors } = failure('The stream was cut off: nothing that happens from now on is shown. Run it again.');
  onAnswer({ ...last, errors: [...(last.errors ?? []), ...errors] });
}

function post(operation, headers, accept, signal) {
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', accept);
  return fetch(settings.endpoint, { method: 'POST', headers, body: JSON.stringify(operation), signal });
}

async function answerOf(response) {
  let text;
  try {
    text = await response.text();
  } catch {
    return failure('The server cannot be reached.');
  }
  try {
    return JSON.parse(text);
  } catch {
    return failure(`The server answered ${response.status} ${response.statusText}: ${text.slice(0, 200)}`);
  }
}

function failure(message) {
  return { errors: [{ message }] };
}
