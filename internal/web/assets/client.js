import { settings } from './settings.js';

// Sends an operation and returns the answer of the server. Whatever goes wrong on the way comes back as an answer with
// errors too, so there is one way to show it.
export async function send(operation, headers = new Headers()) {
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'application/graphql-response+json, application/json;q=0.9');
  let response, text;
  try {
    response = await fetch(settings.endpoint, { method: 'POST', headers, body: JSON.stringify(operation) });
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
