// urql as an app sets it up: document cache, persisted queries, uploads, subscriptions over fetch, @defer.
import assert from 'node:assert/strict';
import { Client, cacheExchange, fetchExchange, gql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { random, recorder, sha256 } from '../lib/recorder.mjs';
import { comment, newDocument, server } from '../lib/server.mjs';

export const declared = 11;

export async function run(check) {
  process.on('unhandledRejection', leftStream);
  const id = await newDocument('In urql');
  await caching(check, id);
  await persisted(check, id);
  await uploads(check);
  await streams(check, id);
  process.off('unhandledRejection', leftStream);
}

// urql ends a stream that it leaves by an AbortError that is not caught; a browser only logs it.
function leftStream(error) {
  if (error.name !== 'AbortError') throw error;
}

// A client with its own cache, and the requests that it has made.
function clientOf(...exchanges) {
  const { fetch, requests } = recorder();
  const client = new Client({
    url: server.url,
    exchanges: [cacheExchange, ...exchanges, fetchExchange],
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization: server.authorization } },
    fetch,
  });
  return { client, requests };
}

// The results of an operation, until they are enough or have ended.
function results(source, enough = () => false) {
  return new Promise((resolve) => {
    const found = [];
    const { unsubscribe } = source.subscribe((result) => {
      found.push(result);
      if (!enough(found) && (result.hasNext || result.stale)) return;
      setTimeout(() => unsubscribe()); // it may have come before there is anything to leave
      resolve(found);
    });
  });
}

const DOCUMENT = gql`query Document($id: ID!) { document(id: $id) { id title viewerHasLiked } }`;
const LIKE = gql`mutation Like($id: ID!) { likeDocument(input: { documentId: $id }) { document { id viewerHasLiked } } }`;

async function caching(check, id) {
  const { client, requests } = clientOf();
  await check('a query, and again from the cache', async () => {
    const { data, error } = await client.query(DOCUMENT, { id });
    assert.equal(error, undefined);
    assert.equal(data.document.title, 'In urql');
    assert.deepEqual((await client.query(DOCUMENT, { id })).data, data);
    assert.equal(requests.length, 1);
  });
  await check('an answer at once comes as JSON, though a stream would be taken', async () => {
    assert.match(requests[0].headers.accept, /text\/event-stream/);
    assert.match(requests[0].type, /^application\/graphql-response\+json/);
  });
  await check('a mutation has the query asked again', async () => {
    const { data } = await client.mutation(LIKE, { id });
    assert.equal(data.likeDocument.document.viewerHasLiked, true);
    assert.equal((await client.query(DOCUMENT, { id })).data.document.viewerHasLiked, true);
    assert.equal(requests.length, 3);
  });
  await check('a bad cursor is an error with a code and the data around it', async () => {
    const query = gql`{ viewer { id favorites(after: "nowhere") { totalCount } } }`;
    const { data, error } = await client.query(query, {});
    assert.equal(error.graphQLErrors[0].extensions.code, 'BAD_USER_INPUT');
    assert.deepEqual(error.graphQLErrors[0].path, ['viewer', 'favorites']);
    assert.equal(data.viewer.favorites, null);
  });
}

async function persisted(check, id) {
  const exchange = persistedExchange({ generateHash: async (text) => sha256(text), preferGetForPersistedQueries: true });
  const { client, requests } = clientOf(exchange);
  const query = gql(`query Persisted${random()}($id: ID!) { document(id: $id) { id title } }`);
  const ask = () => client.query(query, { id }, { requestPolicy: 'network-only' });
  const seen = () => requests.splice(0).map(({ query, hash, code }) => [hash ? 'hash' : '', query ? 'text' : '', code ?? 'data']);
  await check('an unknown hash misses, then its text is kept', async () => {
    assert.equal((await ask()).data?.document.title, 'In urql');
    assert.deepEqual(seen(), [['hash', '', 'PERSISTED_QUERY_NOT_FOUND'], ['hash', 'text', 'data']]);
  });
  await check('a known hash hits', async () => {
    assert.equal((await ask()).data?.document.title, 'In urql');
    assert.deepEqual(seen(), [['hash', '', 'data']]);
  });
}

async function uploads(check) {
  const { client } = clientOf();
  const UPLOAD = gql`mutation Upload($file: Upload!) { uploadFile(input: { file: $file }) { file { id name status } } }`;
  const DELETE = gql`mutation Delete($id: ID!) { deleteFile(input: { fileId: $id }) { fileId } }`;
  await check('a file goes with the mutation', async () => {
    const file = new File([`A note, ${random()}.\n`], 'note.txt', { type: 'text/plain' });
    const { data, error } = await client.mutation(UPLOAD, { file });
    assert.equal(error, undefined);
    assert.deepEqual([data.uploadFile.file.name, data.uploadFile.file.status], ['note.txt', 'STORED']);
    await client.mutation(DELETE, { id: data.uploadFile.file.id });
  });
}

async function streams(check, id) {
  const { client, requests } = clientOf();
  const STATS = gql`subscription Stats($id: ID!) { documentStatsChanged(documentId: $id, current: true) { comments } }`;
  const DEFERRED = gql`query Deferred($id: ID!) {
    document(id: $id) { id title ... @defer { comments(first: 5) { nodes { body } } } }
  }`;
  await check('a subscription over fetch', async () => {
    const found = await results(client.subscription(STATS, { id }), (found) => {
      if (found.length === 1) comment(id, 'live');
      return found.length === 2;
    });
    assert.deepEqual(found.map(({ data, error }) => error?.message ?? data.documentStatsChanged.comments), [0, 1]);
  });
  await check('it comes as server-sent events', async () => assert.match(requests.pop().type, /^text\/event-stream/));
  await check('@defer: first the document, then its comments', async () => {
    const found = await results(client.query(DEFERRED, { id }));
    const bodies = ({ comments }) => comments?.nodes.map(({ body }) => body);
    const states = found.map(({ data, hasNext }) => [hasNext, data.document.title, bodies(data.document)]);
    assert.deepEqual(states, [[true, 'In urql', undefined], [false, 'In urql', ['live']]]);
  });
  await check('@defer comes as multipart/mixed', async () => assert.match(requests.pop().type, /^multipart\/mixed/));
}
