// The client preset of GraphQL Code Generator over a sample app, and the app itself on the server that trusts its manifest.
import assert from 'node:assert/strict';
import { codegen, compileCodegen, documentsOf, manifests } from '../lib/build.mjs';
import { building } from '../lib/checks.mjs';
import { app, newName } from '../lib/member.mjs';
import { random, sha256 } from '../lib/recorder.mjs';
import { server } from '../lib/server.mjs';

const operations = 9;
const forms = ['documentId', 'prefixedDocumentId', 'persistedQuery'];

export const declared = 3 + forms.length * operations;

export async function run(check) {
  await check('the operations of the app fit the schema', codegen, building);
  await check('the app is of one type with the schema', compileCodegen, building);
  await check('the manifest has each operation by its SHA-256', async () => {
    const documents = await documentsOf(manifests.codegen);
    assert.equal(documents.length, operations);
    for (const [id, text] of documents) assert.equal(id, sha256(text));
  });
  const parts = await app();
  for (const form of forms) {
    await runApp((name, step) => check(`${name} by ${form}`, step), parts, new parts.Client(server.enforced, parts[form]));
  }
}

// Each operation of the app once.
async function runApp(check, app, client) {
  const [name, password, word] = [newName(), random(), `w${random()}`];
  await check('Register', async () => assert.equal(await app.openAccount(client, name, password), name));
  await check('Login', async () => assert.equal(await app.signIn(client, name, password), 'A client'));
  let written = {};
  await check('Publish', async () => {
    await app.write(client, 'Earlier', 'Text');
    written = await app.write(client, `About ${word}`, 'Text');
    assert.ok(written.authorId);
  });
  await check('Feed', async () => {
    assert.deepEqual(await app.titlesOf(client, written.authorId, 1), [`About ${word}`, 'Earlier']);
  });
  await check('Search', async () => assert.deepEqual(await app.found(client, word), [[`About ${word}`, ['TITLE']]]));
  await check('Like', async () => assert.equal(await app.likeIt(client, written.id), 1));
  await check('AddComment', async () => assert.equal(await app.say(client, written.id, 'Well said.'), 1));
  await check('DocumentPage', async () => {
    const page = { title: `About ${word}`, format: 'MD', liked: true, comments: ['Well said.'] };
    assert.deepEqual(await app.read(client, written.id), page);
  });
  await check('WatchStats', async () => assert.deepEqual(await app.glance(client, written.id), [1, 1]));
}
