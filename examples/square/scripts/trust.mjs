// Writes the manifest of the operations in src/ and server/ to trusted.json; with --check it only compares them.
import { readFile, writeFile } from 'node:fs/promises';

const built = new URL('../src/gql/persisted-documents.json', import.meta.url);
const committed = new URL('../trusted.json', import.meta.url);

// The documents by their text, so that moving one in the sources changes nothing here.
async function manifest() {
  const documents = Object.entries(JSON.parse(await readFile(built, 'utf8')));
  documents.sort(([, a], [, b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(documents), null, 2)}\n`;
}

const wanted = await manifest();
if (!process.argv.includes('--check')) {
  await writeFile(committed, wanted);
} else if ((await readFile(committed, 'utf8').catch(() => '')) !== wanted) {
  console.error('trusted.json is not what the operations make: run "npm run trust", and commit it');
  process.exit(1);
}
