// Apollo Client as an app sets it up: cache, pages, automatic persisted queries, uploads, subscriptions, @defer.
import assert from 'node:assert/strict';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { createClient } from 'graphql-ws';
import { filter, firstValueFrom } from 'rxjs';
import WebSocket from 'ws';
import { random, recorder, sha256 } from '../lib/recorder.mjs';
import { comment, newDocument, server } from '../lib/server.mjs';

export const declared = 16;

export async function run(check) {
  const id = await newDocument('In a cache');
  await caching(check, id);
  await refusals(check);
  await persisted(check, id);
  await uploads(check);
  await subscriptions(check, id);
  await deferred(check, id);
}

// A client with its own cache, and the requests that it has made.
function clientOf(Link = HttpLink, { before, ...options } = {}) {
  const { fetch, requests } = recorder();
  const http = new Link({ uri: server.url, fetch, headers: { authorization: server.authorization } });
  const fields = { documents: relayStylePagination(['filter', 'orderBy']) };
  const cache = new InMemoryCache({ typePolicies: { Query: { fields } } });
  return { client: new ApolloClient({ link: before ? ApolloLink.from([before, http]) : http, cache, ...options }), requests };
}

const DOCUMENT = gql`query Document($id: ID!) { document(id: $id) { id title viewerHasLiked stats { likes } } }`;
const LIKE = gql`mutation Like($id: ID!) {
  likeDocument(input: { documentId: $id }) { document { id viewerHasLiked stats { likes } } }
}`;
const SQUARE = gql`query Square($first: Int!, $after: String) {
  documents(first: $first, after: $after) { edges { cursor node { id title } } pageInfo { hasNextPage endCursor } }
}`;

async function caching(check, id) {
  const { client, requests } = clientOf();
  await check('a query, and again from the cache', async () => {
    const { data } = await client.query({ query: DOCUMENT, variables: { id } });
    assert.equal(data.document.title, 'In a cache');
    const again = await client.query({ query: DOCUMENT, variables: { id } });
    assert.deepEqual(again.data, data);
    assert.equal(requests.length, 1);
  });
  await check('the answer has the media type of GraphQL over HTTP', async () => {
    assert.match(requests[0].type, /^application\/graphql-response\+json/);
  });
  await check('a mutation changes the document in the cache', async () => {
    await client.mutate({ mutation: LIKE, variables: { id } });
    const { document } = client.readQuery({ query: DOCUMENT, variables: { id } });
    assert.deepEqual([document.viewerHasLiked, document.stats.likes], [true, 1]);
  });
  await check('pages of the square join in the cache', async () => {
    const square = client.watchQuery({ query: SQUARE, variables: { first: 2 } });
    const reading = square.subscribe(() => {});
    const { documents } = (await firstValueFrom(square.pipe(filter(({ data }) => data)))).data;
    const { data } = await square.fetchMore({ variables: { after: documents.pageInfo.endCursor } });
    await square.fetchMore({ variables: { after: data.documents.pageInfo.endCursor } });
    const { edges } = client.readQuery({ query: SQUARE, variables: { first: 2 } }).documents;
    reading.unsubscribe();
    const whole = await client.query({ query: SQUARE, variables: { first: 6 }, fetchPolicy: 'no-cache' });
    assert.deepEqual(edges.map(({ node }) => node.id), whole.data.documents.edges.map(({ node }) => node.id));
    assert.equal(new Set(edges.map(({ cursor }) => cursor)).size, 6);
  });
}

// The code of an answer with errors.
function codeOf(error) {
  assert.ok(CombinedGraphQLErrors.is(error), JSON.stringify(error) ?? String(error));
  return error.errors[0].extensions?.code;
}

async function refusals(check) {
  const { client, requests } = clientOf();
  await check('what is not valid is a GraphQL error with a code', async () => {
    const error = await client.query({ query: gql`{ nothing }` }).catch((refused) => refused);
    assert.equal(codeOf(error), 'GRAPHQL_VALIDATION_FAILED');
  });
  await check('a bad cursor is told where it stands', async () => {
    const error = await client.query({ query: SQUARE, variables: { first: 1, after: 'nowhere' } }).catch((refused) => refused);
    assert.equal(codeOf(error), 'BAD_USER_INPUT');
    assert.deepEqual(error.errors[0].path, ['documents']);
  });
  await check('a token that is none: UNAUTHENTICATED, with 401', async () => {
    const context = { headers: { authorization: 'Bearer none' } };
    const error = await client.query({ query: gql`{ viewer { id } }`, context }).catch((refused) => refused);
    assert.equal(codeOf(error), 'UNAUTHENTICATED');
    assert.equal(requests.at(-1).status, 401);
  });
}

async function persisted(check, id) {
  const before = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  const { client, requests } = clientOf(HttpLink, { before, defaultOptions: { query: { fetchPolicy: 'no-cache' } } });
  const query = gql(`query Persisted${random()}($id: ID!) { document(id: $id) { title } }`);
  const brief = ({ method, query, hash, code }) => [method, hash ? 'hash' : '', query ? 'text' : '', code ?? 'data'];
  const seen = () => requests.splice(0).map(brief);

  await check('an unknown hash misses, then its text is kept', async () => {
    const { data } = await client.query({ query, variables: { id } });
    assert.equal(data.document.title, 'In a cache');
    assert.deepEqual(seen(), [['GET', 'hash', '', 'PERSISTED_QUERY_NOT_FOUND'], ['POST', 'hash', 'text', 'data']]);
  });
  await check('a known hash hits', async () => {
    const { data } = await client.query({ query, variables: { id } });
    assert.equal(data.document.title, 'In a cache');
    assert.deepEqual(seen(), [['GET', 'hash', '', 'data']]);
  });
  await check('a mutation by its hash goes by POST', async () => {
    const mutation = gql(`mutation Persisted${random()}($id: ID!) {
      unlikeDocument(input: { documentId: $id }) { document { id } }
    }`);
    for (const _ of [1, 2]) await client.mutate({ mutation, variables: { id } });
    assert.deepEqual(seen(), [
      ['POST', 'hash', '', 'PERSISTED_QUERY_NOT_FOUND'],
      ['POST', 'hash', 'text', 'data'],
      ['POST', 'hash', '', 'data'],
    ]);
  });
  await check('a hash of another text is refused', async () => {
    const liar = new PersistedQueryLink({ sha256: () => sha256(random()) });
    const { client, requests } = clientOf(HttpLink, { before: liar });
    const error = await client.query({ query, variables: { id } }).catch((refused) => refused);
    assert.equal(codeOf(error), 'BAD_USER_INPUT');
    assert.deepEqual(requests.map(({ code }) => code), ['PERSISTED_QUERY_NOT_FOUND', 'BAD_USER_INPUT']);
  });
}

async function uploads(check) {
  const { client } = clientOf(UploadHttpLink);
  const mutation = gql`mutation Upload($file: Upload!, $sha256: String) {
    uploadFile(input: { file: $file, sha256: $sha256 }) { file { id name size status sha256 } }
  }`;
  const remove = gql`mutation Remove($id: ID!) { deleteFile(input: { fileId: $id }) { fileId } }`;
  const text = `A note, ${random()}.\n`;
  const file = new File([text], 'note.txt', { type: 'text/plain' });
  await check('a file goes with the mutation', async () => {
    const { data } = await client.mutate({ mutation, variables: { file } });
    const { id, __typename, ...sent } = data.uploadFile.file;
    assert.deepEqual(sent, { name: 'note.txt', size: text.length, status: 'STORED', sha256: sha256(text) });
    await client.mutate({ mutation: remove, variables: { id } });
  });
  await check('a file with another digest is refused', async () => {
    const error = await client.mutate({ mutation, variables: { file, sha256: sha256('another') } }).catch((refused) => refused);
    assert.equal(codeOf(error), 'BAD_USER_INPUT');
  });
}

async function subscriptions(check, id) {
  const connectionParams = { authorization: server.authorization };
  const socket = createClient({ url: server.socket, webSocketImpl: WebSocket, connectionParams });
  const client = new ApolloClient({ link: new GraphQLWsLink(socket), cache: new InMemoryCache() });
  const query = gql`subscription Stats($id: ID!) { documentStatsChanged(documentId: $id, current: true) { comments } }`;
  await check('a subscription over the socket', async () => {
    const counts = await new Promise((resolve, reject) => {
      const found = [];
      const running = client.subscribe({ query, variables: { id } }).subscribe({
        next({ data }) {
          found.push(data.documentStatsChanged.comments);
          if (found.length === 1) comment(id, 'live').catch(reject);
          if (found.length < 2) return;
          running.unsubscribe();
          resolve(found);
        },
        error: reject,
      });
    });
    assert.deepEqual(counts, [0, 1]);
  });
  await socket.dispose();
}

async function deferred(check, id) {
  const { client, requests } = clientOf(HttpLink, { incrementalHandler: new Defer20220824Handler() });
  const query = gql`query Deferred($id: ID!) {
    document(id: $id) { id title ... @defer(label: "comments") { comments(first: 5) { nodes { body } } } }
  }`;
  const states = [];
  await check('@defer: first the document, then its comments', async () => {
    await new Promise((resolve, reject) => {
      client.watchQuery({ query, variables: { id } }).subscribe(({ data, dataState, error }) => {
        if (error) reject(error);
        if (data) states.push([dataState, data.document.title, data.document.comments?.nodes.map(({ body }) => body)]);
        if (dataState === 'complete' && data.document.comments) resolve();
      });
    });
    // The server sends null in the place of what follows, so the client may take the first part for complete.
    assert.deepEqual(states[0].slice(1), ['In a cache', undefined]);
    assert.deepEqual(states.at(-1), ['complete', 'In a cache', ['live']]);
  });
  await check('@defer comes as multipart/mixed', async () => assert.match(requests[0].type, /^multipart\/mixed/));
}
