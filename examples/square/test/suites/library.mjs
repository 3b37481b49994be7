// The library of a viewer: favorites, likes, private documents and files.
import assert from 'node:assert/strict';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

export default async function library({ check, page }) {
  const cards = page.locator('main article');
  const tab = (name) => page.getByRole('navigation', { name: 'Library' }).getByRole('link', { name });
  const files = page.getByRole('region', { name: 'Files' });

  await check('the library has the favorites and likes of the viewer', async () => {
    await page.goto('/');
    const title = await page.getByRole('region', { name: 'All documents' }).locator('article h2').first().textContent();
    await page.getByRole('link', { name: title }).last().click();
    for (const name of [/Favorite/, /Like/]) {
      await page.getByRole('button', { name, pressed: false }).click();
      await page.getByRole('button', { name, pressed: true }).waitFor();
    }
    await page.getByRole('button', { name: /account menu/ }).click();
    await page.getByRole('link', { name: 'Library' }).click();
    await eventually(async () => (await cards.locator('h2').allTextContents())[0], title);
    await tab('Likes').click();
    await page.waitForURL(/tab=likes/);
    await eventually(async () => (await cards.locator('h2').allTextContents())[0], title);
    await picture(page, 'likes');
  });
  await check('private documents, page by page', async () => {
    await tab('Private documents').click();
    await cards.nth(9).waitFor();
    const before = await cards.count();
    await page.getByRole('button', { name: 'Load more' }).click();
    await cards.nth(before).waitFor();
    assert.equal(new Set(await cards.locator('h2 a').evaluateAll((all) => all.map((it) => it.href))).size, await cards.count());
  });
  await check('files have their Markdown, and are deleted after a question', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab('Files').click();
    await page.waitForURL(/tab=files/);
    const row = files.getByRole('listitem').filter({ hasText: 'wrong.txt' });
    await row.getByRole('button', { name: 'Copy Markdown' }).click();
    await row.getByText('Copied').waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\[wrong\.txt\]\(\/files\/[\w-]+\)$/);
    await row.getByRole('button', { name: 'Delete wrong.txt' }).click();
    await row.getByRole('button', { name: 'Keep' }).click();
    await row.getByRole('button', { name: 'Delete wrong.txt' }).click();
    await row.getByRole('button', { name: 'Delete', exact: true }).click();
    await eventually(() => row.count(), 0);
    await page.reload();
    await files.getByRole('listitem').first().waitFor();
    assert.equal(await row.count(), 0);
  });
}
