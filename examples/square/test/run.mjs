// Drives the built front end in a headless Chromium, on a server that trusts the manifest alone.
import assert from 'node:assert/strict';
import { openBrowser, picture } from './lib/browser.mjs';
import { Failed, newChecks } from './lib/checks.mjs';
import { serverUnderTest } from './lib/server.mjs';
import { serveSite } from './lib/site.mjs';

// The names of suites as arguments run those alone; most of them need the account of the second.
const all = [
  'reading', 'account', 'author', 'document', 'comments', 'editor', 'formatting', 'menu', 'pictures', 'preview', 'upload', 'library', 'settings', 'head', 'layout',
  'language', 'tabs', 'leaving', 'walk', 'untrusted',
];
const suites = process.argv.length > 2 ? all.filter((suite) => process.argv.includes(suite)) : all;

async function main() {
  const { check, tally } = newChecks();
  const server = await serverUnderTest();
  const parts = []; // the last one is closed first
  try {
    await server.start?.();
    const site = await serveSite(server);
    parts.push(site);
    const browser = await openBrowser(site.url);
    parts.push(browser);
    const page = await browser.newWindow();
    await runSuites({ check, server, browser, page, member: {} });
  } finally {
    for (const part of parts.reverse()) await part.close();
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed ? 1 : 0;
}

async function runSuites(run) {
  try {
    for (const suite of suites) await (await import(`./suites/${suite}.mjs`)).default(run);
    await run.check('no console error, and no request to another host', async () => assert.deepEqual(run.browser.offences, []));
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    await picture(run.page, 'failed').catch(() => undefined);
    for (const offence of run.browser.offences) console.log(`      ${offence}`);
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(2));

main().then((code) => process.exit(code), (error) => {
  console.error(error.message);
  process.exit(2);
});
