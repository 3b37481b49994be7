// Relay's compiler over a sample app, and Relay's runtime with its persisted queries on the server that trusts them.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import relayRuntime from 'relay-runtime';
import { compileRelay, compiled, documentsOf, manifests, relay } from '../lib/build.mjs';
import { building } from '../lib/checks.mjs';
import { member } from '../lib/member.mjs';
import { server } from '../lib/server.mjs';

const { Environment, Network, RecordSource, Store } = relayRuntime;
const { commitMutation, createOperationDescriptor, fetchQuery, getSingularSelector } = relayRuntime;

export const declared = 10;

export async function run(check) {
  await check('the compiler takes the app and the schema', relay, building);
  await check('the artifacts are of one type with the app', compileRelay, building);
  await check('the persisted queries have the MD5 of their texts', async () => {
    const documents = await documentsOf(manifests.relay);
    assert.equal(documents.length, 6);
    for (const [id, text] of documents) assert.equal(id, createHash('md5').update(text).digest('hex'));
  });
  const { id, authorId, authorization } = await member();
  await square(check, environmentOf(authorization), authorId);
  await document(check, environmentOf(authorization), id);
}

// A Relay environment that sends persisted queries as Relay's guide has it.
function environmentOf(authorization, name = 'doc_id') {
  const network = Network.create(async (operation, variables) => {
    assert.equal(operation.text, null);
    const response = await fetch(server.enforced, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json', Authorization: authorization },
      body: JSON.stringify({ [name]: operation.id, variables }),
    });
    const result = await response.json();
    if (result.errors) throw new Error(JSON.stringify(result.errors));
    return result;
  });
  return new Environment({ network, store: new Store(new RecordSource()) });
}

const artifact = (name) => compiled(`generated/relay/${name}.graphql`).default;

// Asks for a query and keeps what it brings; its data.
async function load(environment, name, variables) {
  await fetchQuery(environment, artifact(name), variables).toPromise();
  const operation = createOperationDescriptor(artifact(name), variables);
  environment.retain(operation);
  return environment.lookup(operation.fragment).data;
}

const read = (environment, fragment, reference) => environment.lookup(getSingularSelector(artifact(fragment), reference)).data;

async function square(check, environment, authorId) {
  const filter = { authorId };
  const titles = (reference) => read(environment, 'square_documents', reference).documents.edges
    .map(({ node }) => read(environment, 'square_card', node).title);
  let root;
  await check('the first page of the square', async () => {
    root = await load(environment, 'squareQuery', { count: 1, filter });
    assert.deepEqual(titles(root), ['Second']);
  });
  await check('the next page joins the connection', async () => {
    const { pageInfo } = read(environment, 'square_documents', root).documents;
    assert.equal(pageInfo.hasNextPage, true);
    await load(environment, 'squarePaginationQuery', { count: 1, cursor: pageInfo.endCursor, filter });
    assert.deepEqual(titles(root), ['Second', 'First']);
    assert.equal(read(environment, 'square_documents', root).documents.pageInfo.hasNextPage, false);
  });
}

async function document(check, environment, id) {
  let shown;
  const page = () => read(environment, 'document_page', shown);
  const comments = () => read(environment, 'document_comments', shown).comments;
  const bodies = () => comments().edges.map(({ node }) => node.body);
  await check('the page of a document', async () => {
    shown = (await load(environment, 'documentQuery', { id })).document;
    assert.deepEqual([page().title, page().bodyHtml, page().viewerHasLiked], ['Second', '<p>Text</p>\n', false]);
    assert.deepEqual(bodies(), ['one', 'two']);
  });
  await check('a new comment joins the connection', async () => {
    const variables = { input: { documentId: id, body: 'three' }, connections: [comments().__id] };
    await new Promise((onCompleted, onError) => {
      commitMutation(environment, { mutation: artifact('documentAddCommentMutation'), variables, onCompleted, onError });
    });
    assert.deepEqual(bodies(), ['one', 'two', 'three']);
    assert.equal(page().stats.comments, 3);
  });
  await check('the document again, by node', async () => {
    const { node } = await load(environment, 'documentRefetchQuery', { id });
    assert.deepEqual(read(environment, 'document_page', node), page());
  });
  await check('more comments, by node', async () => {
    const { node } = await load(environment, 'documentCommentsPaginationQuery', { id, count: 2 });
    const { edges } = read(environment, 'document_comments', node).comments;
    assert.deepEqual(edges.map(({ node: { body } }) => body), ['one', 'two']);
  });
  await check('documentId in the place of doc_id', async () => {
    const { authorization } = await member();
    const data = await load(environmentOf(authorization, 'documentId'), 'documentQuery', { id });
    assert.ok(data.document);
  });
}
