// A server that was not given trusted.json, as "make run" starts it.
import assert from 'node:assert/strict';
import { openBrowser } from '../lib/browser.mjs';
import { serverWithoutTrust } from '../lib/server.mjs';
import { serveSite } from '../lib/site.mjs';

export default async function untrusted({ check }) {
  const server = await serverWithoutTrust();
  if (!server) return;
  await check('a server without trusted documents: no request of the first load fails', async () => {
    await server.start();
    const site = await serveSite(server);
    const browser = await openBrowser(site.url);
    try {
      const page = await browser.newWindow();
      const failed = [];
      page.on('response', (response) => response.status() >= 400 && failed.push(`${response.status()} ${response.url()}`));
      await page.goto('/');
      await page.locator('main article').first().waitFor();
      await page.locator('main article h2 a').first().click();
      await page.getByText('live', { exact: true }).waitFor();
      assert.deepEqual(failed, []);
      assert.deepEqual(browser.offences, []);
    } finally {
      await browser.close();
      await site.close();
    }
  });
}
