// Operations of trusted.json with the session of a window: for what a suite needs before it looks at a page.
import { readFile } from 'node:fs/promises';

const trusted = Object.entries(JSON.parse(await readFile(new URL('../../trusted.json', import.meta.url), 'utf8')));

// Runs the operation with this name and returns its data.
export async function run(page, operationName, variables) {
  const [sha256Hash] = trusted.find(([, text]) => new RegExp(`\\b(query|mutation) ${operationName}\\b`).test(text));
  const body = { operationName, variables, extensions: { persistedQuery: { version: 1, sha256Hash } } };
  const { data, errors } = await page.evaluate(async (body) => {
    const { token } = JSON.parse(sessionStorage.getItem('square:session'));
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    return (await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify(body) })).json();
  }, body);
  if (errors) throw new Error(`${operationName}: ${errors[0].message}`);
  return data;
}
