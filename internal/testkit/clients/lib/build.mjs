// Builds the sample apps with the tools that their makers use, all into generated/: types, compiled code, manifests.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { server } from './server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = join(root, 'generated');
const built = (name) => join(generated, name);

// The manifests by the names that their tools give them.
export const manifests = {
  codegen: built('codegen/persisted-documents.json'),
  relay: built('relay-persisted.json'),
  apollo: built('persisted-query-manifest.json'),
};

// A manifest as pairs of identifier and text.
export async function documentsOf(manifest) {
  const { operations, ...texts } = JSON.parse(await readFile(manifest, 'utf8'));
  return operations ? operations.map(({ id, body }) => [id, body]) : Object.entries(texts);
}

// Each step is taken once in a run, however many suites need it.
const once = (step) => {
  let taken;
  return () => (taken ??= step());
};

// The SDL, out of the file DOCSQUARE_SDL or else from the server; it is kept for the tools.
export const schema = once(async () => {
  const file = process.env.DOCSQUARE_SDL;
  const sdl = file ? await readFile(file, 'utf8') : await fetched(`${server.base}/schema.graphql`);
  await rm(generated, { recursive: true, force: true }); // relay-compiler persists only what is new to it
  await mkdir(generated);
  await writeFile(built('schema.graphql'), sdl);
  return sdl;
});

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

// Types and the manifest of the sample app, by graphql-codegen.
export const codegen = once(async () => {
  await schema();
  await tool('graphql-codegen', '--config', 'codegen.config.mjs', '--silent');
});

// Artifacts and persisted queries of the Relay app, by relay-compiler.
export const relay = once(async () => {
  await schema();
  await mkdir(built('relay'), { recursive: true });
  await writeFile(manifests.relay, '{}'); // it must be there
  await tool('relay-compiler', 'relay.config.json');
});

// The manifest of the sample app for Apollo Client.
export const apollo = once(async () => {
  await schema();
  await tool('generate-persisted-query-manifest', '--config', 'apollo.config.json');
});

// Check the types of an app, strictly, and compile it.
export const compileCodegen = once(() => codegen().then(() => compile('codegen')));
export const compileRelay = once(() => relay().then(() => compile('relay')));

async function compile(app) {
  await tool('tsc', '--project', `app/${app}`);
  await writeFile(built('js/package.json'), '{ "type": "commonjs" }\n'); // Relay's artifacts name one another without endings
}

// A module of an app that is compiled.
export const compiled = (name) => createRequire(import.meta.url)(built(`js/${name}.js`));

// Writes the three manifests into a directory.
export async function writeManifests(directory) {
  if (!directory) throw new Error('name the directory to write the manifests to');
  await Promise.all([codegen(), relay(), apollo()]);
  await mkdir(directory, { recursive: true });
  for (const path of Object.values(manifests)) await cp(path, join(directory, path.split('/').at(-1)));
}

async function tool(name, ...args) {
  try {
    await promisify(execFile)(join(root, 'node_modules/.bin', name), args, { cwd: root });
  } catch ({ stdout, stderr }) {
    throw new Error(stripVTControlCharacters(`${name}: ${stdout}${stderr}`));
  }
}
