// An account on the enforcing server: there even what prepares a check must be a trusted document, so the sample app does it.
import { compileCodegen, compiled } from './build.mjs';
import { random } from './recorder.mjs';
import { server } from './server.mjs';

// The sample app, compiled.
export async function app() {
  await compileCodegen();
  return Object.assign({}, ...['client', 'account', 'square', 'document'].map((name) => compiled(`app/codegen/${name}`)));
}

export const newName = () => `client-${random().slice(0, 12)}`;

let opened;

// A new account with two documents, the second with two comments: the same in every suite.
export const member = () => (opened ??= open());

async function open() {
  const { Client, documentId, openAccount, signIn, write, say } = await app();
  const client = new Client(server.enforced, documentId);
  const [name, password] = [newName(), random()];
  await openAccount(client, name, password);
  await signIn(client, name, password);
  await write(client, 'First', 'Text');
  const { id, authorId } = await write(client, 'Second', 'Text');
  for (const body of ['one', 'two']) await say(client, id, body);
  return { id, authorId, authorization: `Bearer ${client.token}` };
}
