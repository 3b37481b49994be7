// A server that was not given trusted.json, as "make run" starts it.
import assert from 'node:assert/strict';
import { openBrowser } from '../lib/browser.mjs';
import { serverWithoutTrust } from '../lib/server.mjs';
import { serveSite } from '../lib/site.mjs';
import walk, { watch } from './walk.mjs';

const server = 'a server without trusted documents';

export default async function untrusted({ check }) {
  const own = await serverWithoutTrust();
  if (!own) return;
  await own.start();
  const site = await serveSite(own);
  const browser = await openBrowser(site.url);
  try {
    await check(`${server}: no request of the first load of a page fails`, async () => {
      const start = await browser.newWindow();
      await start.goto('/');
      const document = await start.locator('main article h2 a').first().getAttribute('href');
      await start.context().close();
      for (const path of ['/', document, '/search?q=cache&author=guide']) {
        const page = await browser.newWindow(); // each is the first page of its visitor
        const failed = watch(page);
        await page.goto(path, { waitUntil: 'networkidle' });
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        if (path === document) await page.getByText('live', { exact: true }).waitFor();
        assert.deepEqual(failed, [], path);
        await page.context().close();
      }
      assert.deepEqual(browser.offences, []);
    });
    await walk({ check, browser, on: ` on ${server}` });
  } finally {
    await browser.close();
    await site.close();
  }
}
