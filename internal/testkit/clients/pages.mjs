// Has axe look at the pages of the server in a headless Chromium: the dashboard while it works, and the Playground before and after a run, wide and
// narrow, light and dark. What it drives the browser with is that of examples/square.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { assertAccessible } from '../../../examples/square/test/lib/accessible.mjs';
import { openBrowser, picture } from '../../../examples/square/test/lib/browser.mjs';
import { Failed, newChecks } from '../../../examples/square/test/lib/checks.mjs';
import { serverWithoutTrust } from '../../../examples/square/test/lib/server.mjs';

const looks = [
  { name: 'wide-light', viewport: { width: 1400, height: 1000 }, colorScheme: 'light' },
  { name: 'wide-dark', viewport: { width: 1400, height: 1000 }, colorScheme: 'dark' },
  { name: 'narrow-light', viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  { name: 'narrow-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
];

const { check, tally } = newChecks();
const server = await serverWithoutTrust();
if (!server) throw new Error('set DOCSQUARE_BINARY to a docsquare binary');
await server.start();
const browser = await openBrowser(server.url);

// Sends an operation as a client does.
async function send(query, variables) {
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, variables }),
  });
  return answer.json();
}

// Has the server answer, find nothing, and refuse, so that each table of the dashboard has rows.
async function work() {
  const { data } = await send('query Square { documents(first: 5) { nodes { id title author { username } comments(first: 3) { nodes { body } } } } }');
  assert.ok(data.documents.nodes.length > 0, 'the server has no documents');
  for (let i = 0; i < 100; i++) await send(`query One($id: ID!) { document(id: $id) { title stats { likes } } } # ${i}`, { id: data.documents.nodes[0].id }); // loads are sampled, and equal texts are answered without one
  await send('mutation Like($id: ID!) { likeDocument(input: {documentId: $id}) { document { id } } }', { id: data.documents.nodes[0].id });
  await send('{ nothing }');
  return data.documents.nodes[0].title;
}

const front = createRequire(new URL('../../../examples/square/package.json', import.meta.url));
const axe = await readFile(front.resolve('axe-core/axe.min.js'), 'utf8');

// Asserts that axe has no serious or critical finding in what of the Playground is ours. The editors and tabs are GraphiQL's.
async function assertShellAccessible(page, where) {
  await page.evaluate(`window.axe || (() => { ${axe} })()`);
  const { violations, passes } = await page.evaluate(() => {
    const ours = ['.bar', '.explain', 'dialog[open]'].filter((selector) => document.querySelector(selector));
    return window.axe.run({ include: ours.map((selector) => [selector]) }, { resultTypes: ['violations', 'passes'] });
  });
  assert.ok(passes.length > 5, `${where}: axe has looked at nothing`);
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(grave.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`), []);
}

// Nothing is wider than the window, but for what scrolls.
async function assertFits(page, where) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${where} is ${over} px wider than the window`);
}

async function dashboard({ name, ...look }) {
  const page = await browser.newWindow(look);
  await page.goto('/dashboard');
  const title = await work();
  await page.getByText('HTTP responses').waitFor();
  await page.locator('#table-errors tbody tr').first().waitFor();
  await page.locator('#table-keys tbody tr').filter({ hasText: title }).first().waitFor();
  await page.locator('#silent').filter({ hasText: 'Rate limited' }).waitFor();
  const errors = await page.locator('#table-errors').innerText();
  assert.match(errors, /UNAUTHENTICATED/);
  assert.match(errors, /Cannot query field … on type …/);
  assert.doesNotMatch(errors, /nothing/, 'a text of a client is shown');
  await assertFits(page, `dashboard, ${name}`);
  await assertAccessible(page, `dashboard, ${name}`);
  await picture(page, `dashboard-${name}`);
  await page.context().close();
}

async function playground({ name, ...look }) {
  const page = await browser.newWindow(look);
  await page.goto('/');
  await page.locator('.graphiql-execute-button').waitFor();
  await assertFits(page, `Playground, ${name}`);
  await assertShellAccessible(page, `Playground before the first run, ${name}`);
  await picture(page, `playground-empty-${name}`);
  await page.locator('.graphiql-execute-button').click();
  await page.locator('.result-window').filter({ hasText: '"data"' }).waitFor();
  await page.locator('.explain .savings').waitFor();
  await assertShellAccessible(page, `Playground after a run, ${name}`);
  await picture(page, `playground-run-${name}`);
  await page.getByRole('button', { name: 'Examples', exact: true }).click();
  await page.locator('#examples-menu li').first().waitFor();
  await assertShellAccessible(page, `examples of the Playground, ${name}`);
  await picture(page, `playground-examples-${name}`);
  await page.context().close();
}

try {
  for (const look of looks) {
    await check(`dashboard, ${look.name}`, () => dashboard(look));
    await check(`Playground, ${look.name}`, () => playground(look));
  }
  await check('no console error, and no request to another host', async () => assert.deepEqual(browser.offences, []));
} catch (error) {
  if (!(error instanceof Failed)) throw error;
} finally {
  await browser.close();
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed ? 1 : 0);
