// GraphQL over WebSocket: graphql-ws as an app uses it, and bare sockets that break the protocol.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { comment, goneDocument, newDocument, server } from '../lib/server.mjs';
import { closeCode, handshakeCode } from '../lib/socket.mjs';

export const declared = 26;

export async function run(check) {
  const idle = closeCode([]); // the server waits for 10 s: the other checks run meanwhile
  idle.catch(() => {}); // a failure is told in the end
  await operations(check);
  await violations(check);
  await check('4408 without connection_init', async () => assert.equal(await idle, 4408));
}

const statsOf = 'subscription ($id: ID!) { documentStatsChanged(documentId: $id, current: true) { comments } }';
const comments = (value) => ({ data: { documentStatsChanged: { comments: value } } });

async function operations(check) {
  const received = [];
  const client = createClient({
    url: server.socket,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: server.authorization },
    on: { message: (message) => received.push(message) },
  });
  const id = await newDocument('Over a socket');
  const first = async (query, variables) => (await client.iterate({ query, variables }).next()).value;

  await check('the subprotocol is agreed on', async () => {
    const opened = new Promise((resolve) => client.on('opened', (socket) => resolve(socket.protocol)));
    await first('{ __typename }');
    assert.equal(await opened, 'graphql-transport-ws');
  });
  await check('a query is answered once and completes', async () => {
    const results = [];
    const query = 'query ($id: ID!) { document(id: $id) { title } }';
    for await (const result of client.iterate({ query, variables: { id } })) results.push(result);
    assert.deepEqual(results, [{ data: { document: { title: 'Over a socket' } } }]);
  });
  await check('the viewer is the one of connection_init', async () => {
    assert.ok((await first('{ viewer { username } }')).data.viewer?.username);
  });
  await check('a mutation', async () => {
    const query = 'mutation ($id: ID!) { likeDocument(input: { documentId: $id }) { document { viewerHasLiked } } }';
    assert.deepEqual(await first(query, { id }), { data: { likeDocument: { document: { viewerHasLiked: true } } } });
  });
  await check('the named one of several operations', async () => {
    const query = 'query A { __typename } query B { siteStats { __typename } }';
    const { value } = await client.iterate({ query, operationName: 'B' }).next();
    assert.deepEqual(value, { data: { siteStats: { __typename: 'SiteStats' } } });
  });
  await check('an error message for what is not valid, and the socket goes on', async () => {
    await assert.rejects(first('{ nothing }'), (errors) => errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED');
    assert.deepEqual(await first('{ __typename }'), { data: { __typename: 'Query' } });
  });
  await check('an error of a field comes in a result', async () => {
    const { errors } = await first('mutation { deleteDocument(input: { documentId: "nothing" }) { documentId } }');
    assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
    assert.deepEqual(errors[0].path, ['deleteDocument']);
  });
  await check('a subscription to what is not there: NOT_FOUND', async () => {
    const gone = await goneDocument();
    const errors = await first(statsOf, { id: gone }).then((result) => result.errors, (refused) => refused);
    assert.equal(errors[0].extensions.code, 'NOT_FOUND');
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
  await check('complete ends one subscription and no other', async () => {
    const left = client.iterate({ query: statsOf, variables: { id } });
    await left.next();
    const leftId = received.at(-1).id;
    const kept = client.iterate({ query: statsOf, variables: { id } });
    await kept.next();
    await left.return();
    await first('{ __typename }'); // the server takes messages in their order: it has seen the complete
    received.length = 0;
    await comment(id, 'after complete');
    assert.deepEqual((await kept.next()).value, comments(4));
    await first('{ __typename }'); // whatever was under way has arrived before this
    assert.deepEqual(received.filter((message) => message.id === leftId), []);
    await kept.return();
  });
  await check('ping is answered with pong', async () => {
    const pong = new Promise((resolve) => client.on('message', (message) => message.type === 'pong' && resolve(message)));
    await pinged(client);
    assert.equal((await pong).type, 'pong');
  });
  await client.dispose();
}

// Lets the client's own socket send a ping.
async function pinged(client) {
  const opened = new Promise((resolve) => client.on('connected', resolve));
  await client.terminate();
  const answer = client.iterate({ query: '{ __typename }' }).next();
  (await opened).send(JSON.stringify({ type: 'ping' }));
  await answer;
}

const init = { type: 'connection_init' };
const subscribe = (id, query = '{ __typename }') => ({ id, type: 'subscribe', payload: { query } });

async function violations(check) {
  const id = await newDocument('Watched twice');
  const watch = subscribe('a', `subscription { documentChanged(documentId: "${id}") { id } }`);
  const cases = [
    [4400, 'what is not JSON', ['hello']],
    [4400, 'what is not an object', ['"hello"']],
    [4400, 'a message without a type', [init, {}]],
    [4400, 'a type that there is not', [init, { type: 'hello' }]],
    [4400, 'a subscribe without an id', [init, { type: 'subscribe', payload: { query: '{ __typename }' } }]],
    [4400, 'a subscribe without a query', [init, { id: 'a', type: 'subscribe', payload: {} }]],
    [4400, 'a complete without an id', [init, { type: 'complete' }]],
    [4401, 'a subscribe before connection_init', [subscribe('a')]],
    [4403, 'a token that is none', [{ ...init, payload: { authorization: 'Bearer none' } }]],
    [4409, 'an id that is in use', [init, watch, watch]],
    [4429, 'two connection_init', [init, init]],
  ];
  for (const [code, what, messages] of cases) {
    await check(`${code} for ${what}`, async () => assert.equal(await closeCode(messages), code));
  }
  await check('4406 where no subprotocol is named', async () => assert.equal(await handshakeCode(), 4406));
  await check('4406 for the subprotocol of old', async () => assert.equal(await handshakeCode('graphql-ws'), 4406));
  await check('a binary message is refused', async () => {
    assert.ok([1003, 4400].includes(await closeCode([Buffer.from(JSON.stringify(init))])));
  });
}
