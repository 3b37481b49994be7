// Other clients on the server that runs trusted documents alone: Apollo Client by its own manifest, urql, and strangers.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import lists from '@apollo/persisted-query-lists';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { apollo, compiled, documentsOf, manifests } from '../lib/build.mjs';
import { building } from '../lib/checks.mjs';
import { member } from '../lib/member.mjs';
import { recorder, sha256 } from '../lib/recorder.mjs';
import { server } from '../lib/server.mjs';

export const declared = 13;

export async function run(check) {
  await check('Apollo makes its manifest of the app', async () => {
    await apollo();
    const documents = await documentsOf(manifests.apollo);
    assert.equal(documents.length, 9);
    for (const [id, text] of documents) assert.equal(id, sha256(text));
  }, building);
  const account = await member();
  await apolloClient(check, account);
  await urqlClient(check, account);
  await strangers(check);
}

// Apollo Client, which names documents by these options of its link, and the requests that it has made.
function apolloOf(options, authorization) {
  const { fetch, requests } = recorder();
  const http = new HttpLink({ uri: server.enforced, fetch, headers: { authorization } });
  const link = ApolloLink.from([new PersistedQueryLink(options), http]);
  return { client: new ApolloClient({ link, cache: new InMemoryCache() }), requests };
}

async function apolloClient(check, { id, authorId, authorization }) {
  const { FeedDocument, LikeDocument } = compiled('generated/codegen/graphql');
  const loadManifest = async () => JSON.parse(await readFile(manifests.apollo, 'utf8'));
  const known = (useGETForHashedQueries) => apolloOf({
    ...lists.generatePersistedQueryIdsFromManifest({ loadManifest }), useGETForHashedQueries,
  }, authorization);
  for (const method of ['POST', 'GET']) {
    await check(`a query of Apollo Client by ${method}`, async () => {
      const { client, requests } = known(method === 'GET');
      const { data } = await client.query({ query: FeedDocument, variables: { first: 1, filter: { authorId } } });
      assert.equal(data.documents.edges[0].node.title, 'Second');
      assert.deepEqual(requests.map((request) => [request.method, request.query]), [[method, undefined]]);
    });
  }
  await check('a mutation of Apollo Client', async () => {
    const { client, requests } = known(true);
    const { data } = await client.mutate({ mutation: LikeDocument, variables: { id } });
    assert.equal(data.likeDocument.document.viewerHasLiked, true);
    assert.deepEqual(requests.map((request) => [request.method, request.query]), [['POST', undefined]]);
  });
  await check('Apollo Client cannot teach the server a document', async () => {
    const { client, requests } = apolloOf({ sha256 }, authorization);
    const refused = await client.query({ query: gql`query Stranger { viewer { id email } }` }).catch((error) => error);
    assert.deepEqual(requests.map(({ code }) => code), ['PERSISTED_QUERY_NOT_FOUND', 'BAD_USER_INPUT']);
    assert.match(refused.message, /trusted/);
  });
}

async function urqlClient(check, { id, authorId, authorization }) {
  const { FeedDocument, LikeDocument } = compiled('generated/codegen/graphql');
  const { fetch, requests } = recorder();
  const persisted = persistedExchange({
    generateHash: async (text, document) => document.__meta__.hash,
    enforcePersistedQueries: true,
    enableForMutation: true,
    preferGetForPersistedQueries: true,
  });
  const fetchOptions = { headers: { authorization } };
  const client = new Client({ url: server.enforced, exchanges: [persisted, fetchExchange], fetch, fetchOptions });
  const seen = () => requests.splice(0).map(({ method, query, hash }) => [method, query || undefined, hash]);
  await check('a query of urql', async () => {
    const { data, error } = await client.query(FeedDocument, { first: 1, filter: { authorId } });
    assert.equal(error, undefined);
    assert.equal(data.documents.edges[0].node.title, 'Second');
    assert.deepEqual(seen(), [['GET', undefined, FeedDocument.__meta__.hash]]);
  });
  await check('a mutation of urql', async () => {
    const { data, error } = await client.mutation(LikeDocument, { id });
    assert.equal(error, undefined);
    assert.equal(data.likeDocument.document.viewerHasLiked, true);
    assert.deepEqual(seen(), [['POST', undefined, LikeDocument.__meta__.hash]]);
  });
}

const stranger = '{ siteStats { documents } }';

async function strangers(check) {
  const post = async (body, accept = 'application/graphql-response+json') => (await fetch(server.enforced, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Accept: accept }, body: JSON.stringify(body),
  })).text();
  const refuses = (text, code) => {
    const { data, errors } = JSON.parse(text);
    assert.deepEqual([data, errors.length, errors[0].extensions.code], [undefined, 1, code]);
    assert.match(errors[0].message, /trusted/);
  };
  await check('a text by POST is refused', async () => refuses(await post({ query: stranger }), 'BAD_USER_INPUT'));
  await check('a text by GET is refused', async () => {
    refuses(await (await fetch(`${server.enforced}?${new URLSearchParams({ query: stranger })}`)).text(), 'BAD_USER_INPUT');
  });
  await check('a text over server-sent events is refused', async () => {
    refuses(/^data: (.*)$/m.exec(await post({ query: stranger }, 'text/event-stream'))[1], 'BAD_USER_INPUT');
  });
  await check('a text over a socket is refused', async () => {
    const client = createClient({ url: server.enforced.replace(/^http/, 'ws'), webSocketImpl: WebSocket });
    const errors = await client.iterate({ query: stranger }).next().catch((refused) => refused);
    refuses(JSON.stringify({ errors }), 'BAD_USER_INPUT');
    await client.dispose();
  });
  await check('a name that nothing has is not found', async () => {
    refuses(await post({ documentId: sha256(stranger) }), 'PERSISTED_QUERY_NOT_FOUND');
  });
  await check('a name does not make another text trusted', async () => {
    const [[documentId]] = await documentsOf(manifests.codegen);
    const { errors } = JSON.parse(await post({ documentId, query: stranger }));
    assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
  });
}
