// The servers under test, and plain requests that prepare what the clients then meet.
const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value.replace(/\/$/, '');
};

// Addresses and the session token, read when they are asked for: no suite needs all of them.
export const server = {
  get base() { return need('DOCSQUARE_URL'); },
  get url() { return `${this.base}/graphql`; },
  get socket() { return this.url.replace(/^http/, 'ws'); },
  get authorization() { return `Bearer ${need('DOCSQUARE_TOKEN')}`; },
  get enforced() { return `${need('DOCSQUARE_ENFORCED_URL')}/graphql`; },
};

// The data of an operation that must succeed, asked with no client at all.
export async function ask(query, variables = {}) {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: server.authorization },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
  return data;
}

const created = [];

// The identifier of a new public document; cleanUp deletes it.
export async function newDocument(title) {
  const data = await ask(`mutation ($title: String!) {
    createDocument(input: { title: $title, body: "# Text", visibility: PUBLIC }) { document { id } }
  }`, { title });
  created.push(data.createDocument.document.id);
  return created.at(-1);
}

export async function comment(documentId, body) {
  await ask(`mutation ($documentId: ID!, $body: String!) {
    addComment(input: { documentId: $documentId, body: $body }) { comment { id } }
  }`, { documentId, body });
}

// The identifier of a document that is no more.
export async function goneDocument() {
  const id = await newDocument('Gone');
  await remove(created.pop());
  return id;
}

export async function cleanUp() {
  for (const id of created.splice(0)) await remove(id);
}

const remove = (id) => ask('mutation ($id: ID!) { deleteDocument(input: { documentId: $id }) { documentId } }', { id });
