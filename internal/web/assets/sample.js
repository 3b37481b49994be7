// Fills the places that examples leave for identifiers: they are different on each server, or come from earlier answers.
import { send } from './client.js';
import { withAuthorization } from './session.js';
import { Upload } from './transfer.js';

const patience = 2000; // ms, after which the page opens without it
const popular = '{ documents(first: 1, orderBy: { field: POPULARITY }) { nodes { id author { username } } } }';
const newest = '{ viewer { editorSessions(first: 1) { nodes { id revision } } files(first: 1) { nodes { id } } } }';
const openSession = `mutation {
  openEditorSession(input: { title: "Notes on writing", content: "# Notes on writing", format: MD }) { session { id revision } }
}`;

// Puts the most popular document and its author into the examples. If there is no document, the places stay for the visitor.
export async function fillIn(examples) {
  const late = new Promise((resolve) => setTimeout(resolve, patience, {}));
  const { data } = await Promise.race([send({ query: popular }), late]);
  const document = data?.documents?.nodes?.[0];
  if (!document) return;
  for (const example of examples) {
    example.variables = example.variables.replaceAll('DOCUMENT-ID', document.id).replaceAll('YOUR-USERNAME', document.author?.username ?? 'YOUR-USERNAME');
  }
}

// Returns the text of variables with the viewer's newest editor session and file in the places for them. If there is none, one is
// made. For a guest the places stay.
export async function filled(text) {
  if (!/"(SESSION|FILE)-ID"/.test(text)) return text;
  const { viewer } = (await ask(newest)) ?? {};
  if (!viewer) return text;
  let result = text;
  if (result.includes('"SESSION-ID"')) {
    const session = viewer.editorSessions.nodes[0] ?? (await ask(openSession))?.openEditorSession.session;
    if (session) result = withSession(result, session);
  }
  if (result.includes('"FILE-ID"')) result = result.replaceAll('FILE-ID', viewer.files.nodes[0]?.id ?? (await sampleFile()));
  return result;
}

// The first operation of the example saves the revision after the present one, the second one commits it.
function withSession(text, { id, revision }) {
  const next = { 1: revision, 2: revision + 1 };
  return text.replaceAll('SESSION-ID', id).replace(/("expectedRevision":\s*)([12])\b/g, (_, name, number) => name + next[number]);
}

async function sampleFile() {
  const upload = new Upload(new File(['# Notes\n\nA file from the Playground.\n'], 'notes.md', { type: 'text/markdown' }));
  await upload.run(() => undefined, new AbortController().signal);
  return upload.id;
}

async function ask(query) {
  return (await send({ query }, withAuthorization(new Headers()))).data;
}
