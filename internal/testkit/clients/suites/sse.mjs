// GraphQL over server-sent events, distinct connections: graphql-sse as an app uses it, and what bare requests are answered.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';
import { comment, goneDocument, newDocument, server } from '../lib/server.mjs';

export const declared = 20;

export async function run(check) {
  const id = await newDocument('Over a stream');
  await operations(check, id);
  await streams(check, id);
  await malformed(check);
}

const statsOf = 'subscription ($id: ID!) { documentStatsChanged(documentId: $id, current: true) { comments } }';
const comments = (value) => ({ data: { documentStatsChanged: { comments: value } } });

async function operations(check, id) {
  const client = createClient({ url: server.url, headers: { Authorization: server.authorization }, retryAttempts: 0 });
  const all = async (query, variables) => {
    const results = [];
    for await (const result of client.iterate({ query, variables })) results.push(result);
    return results;
  };

  await check('a query is answered once and completes', async () => {
    const results = await all('query ($id: ID!) { document(id: $id) { title } }', { id });
    assert.deepEqual(results, [{ data: { document: { title: 'Over a stream' } } }]);
  });
  await check('the viewer is the one of the Authorization header', async () => {
    const [{ data }] = await all('{ viewer { username } }');
    assert.ok(data.viewer?.username);
  });
  await check('a mutation', async () => {
    const query = 'mutation ($id: ID!) { likeDocument(input: { documentId: $id }) { document { viewerHasLiked } } }';
    assert.deepEqual(await all(query, { id }), [{ data: { likeDocument: { document: { viewerHasLiked: true } } } }]);
  });
  await check('what is not valid is told in the stream', async () => {
    const results = await all('{ nothing }');
    assert.equal(results.length, 1);
    assert.equal(results[0].errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    assert.equal('data' in results[0], false);
  });
  await check('a subscription to what is not there: NOT_FOUND, and the stream ends', async () => {
    const results = await all(statsOf, { id: await goneDocument() });
    assert.equal(results.length, 1);
    assert.equal(results[0].errors[0].extensions.code, 'NOT_FOUND');
  });
  await check('a subscription tells of each change in order', async () => {
    const events = client.iterate({ query: statsOf, variables: { id } });
    assert.deepEqual((await events.next()).value, comments(0));
    for (const n of [1, 2, 3]) {
      await comment(id, `comment ${n}`);
      assert.deepEqual((await events.next()).value, comments(n));
    }
    await events.return();
  });
  await check('leaving one stream leaves the other', async () => {
    const [left, kept] = [0, 1].map(() => client.iterate({ query: statsOf, variables: { id } }));
    await left.next();
    await kept.next();
    await left.return();
    await comment(id, 'after leaving');
    assert.deepEqual((await kept.next()).value, comments(4));
    await kept.return();
  });
  client.dispose();
}

const events = { Accept: 'text/event-stream' };
const json = { ...events, 'Content-Type': 'application/json' };
const post = (body, headers = json) => fetch(server.url, { method: 'POST', headers, body });
const getOf = (parameters, method = 'GET') =>
  fetch(`${server.url}?${new URLSearchParams(parameters)}`, { method, headers: events });
const query = '{ __typename }';
const answered = 'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata:';

async function streams(check, id) {
  await check('the bytes of a stream', async () => {
    const response = await post(JSON.stringify({ query }));
    assert.equal(response.status, 200);
    assert.match(response.headers.get('Content-Type'), /^text\/event-stream/);
    assert.match(response.headers.get('Cache-Control'), /no-cache|no-store/);
    assert.equal(eventsOf(await response.text()), answered);
  });
  await check('a query by GET', async () => assert.equal(eventsOf(await (await getOf({ query })).text()), answered));
  await check('a subscription by GET, as a browser\'s EventSource asks', async () => {
    const response = await getOf({ query: statsOf, variables: JSON.stringify({ id }) });
    assert.match(response.headers.get('Content-Type'), /^text\/event-stream/);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"comments"')) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
    }
    await reader.cancel();
    assert.match(text, /event: next\ndata: {"data":{"documentStatsChanged":{"comments":\d+}}}\n\n/);
  });
  await check('JSON where JSON is preferred to events', async () => {
    const accept = 'application/graphql-response+json, text/event-stream;q=0.5';
    const response = await post(JSON.stringify({ query }), { ...json, Accept: accept });
    assert.match(response.headers.get('Content-Type'), /^application\/graphql-response\+json/);
  });
}

// The events of a stream without comments, which keep it alive.
const eventsOf = (text) => text.replace(/^:.*\n\n?/gm, '').trimEnd();

async function malformed(check) {
  const pad = 'x'.repeat(1 << 20);
  const refusals = [
    ['400 for what is not JSON', 400, () => post('{')],
    ['400 for a list of requests', 400, () => post(JSON.stringify([{ query }]))],
    ['400 for no query', 400, () => post('{}')],
    ['400 for variables that are no object', 400, () => post(JSON.stringify({ query, variables: [] }))],
    ['401 for a token that is none', 401, () => post(JSON.stringify({ query }), { ...json, Authorization: 'Bearer none' })],
    ['405 for a mutation by GET', 405, () => getOf({ query: 'mutation { logout { loggedOut } }' })],
    ['405 for PUT, a reservation of a single connection', 405, () => getOf({ query }, 'PUT')],
    ['413 for a body of more than 1 MiB', 413, () => post(JSON.stringify({ query, extensions: { pad } }))],
    ['415 for another content type', 415, () => post(JSON.stringify({ query }), { ...events, 'Content-Type': 'text/plain' })],
  ];
  for (const [name, status, request] of refusals) {
    await check(name, async () => {
      const response = await request();
      const text = await response.text();
      assert.equal(response.status, status, `${response.status} instead of ${status}: ${text}`);
      assert.ok(JSON.parse(text).errors[0].extensions?.code, text);
      if (status === 405) assert.ok(response.headers.get('Allow'), 'there is no Allow header');
    });
  }
}
