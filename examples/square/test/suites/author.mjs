// The page of an author, for readers and for the author.
import assert from 'node:assert/strict';
import { run } from '../lib/api.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

export default async function author({ check, page, browser, member }) {
  const cards = (window) => window.locator('main article');
  const statistics = (window) => window.getByRole('list', { name: 'Statistics' }).first().getByRole('listitem').allTextContents();

  await check('a byline leads by the keyboard to its author, with public documents and their number', async () => {
    const guest = await browser.newWindow();
    await guest.goto('/search?q=caching');
    const link = cards(guest).getByRole('link', { name: /guide/i }).first();
    await link.focus();
    await link.press('Enter');
    await guest.waitForURL(/\/u\/guide$/);
    const name = await guest.getByRole('heading', { level: 1 }).textContent();
    assert.equal(await guest.title(), `${name} – Square`);
    await guest.getByText('@guide').waitFor();
    const count = await cards(guest).count();
    assert.deepEqual(await statistics(guest), [`${count} public documents`]);
    await picture(guest, 'author');
    await guest.context().close();
  });
  await check('an author sees private documents too, page by page', async () => {
    const made = Array.from({ length: 12 }, (_, index) => `私人文档 ${index + 1}`);
    for (const title of made) await run(page, 'MakeDocument', { input: { title, body: `# ${title}\n`, visibility: 'PRIVATE' } });
    await page.goto(`/u/${member.name}`);
    await cards(page).nth(9).waitFor();
    assert.equal(await cards(page).count(), 10);
    await cards(page).first().getByText('Private', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Load more' }).click();
    await eventually(async () => (await cards(page).locator('h2').allTextContents()).toReversed(), made);
    assert.deepEqual(await statistics(page), ['0 public documents', '0 comments', '0 likes', '0 favorites']);
  });
  await check('others see none of them', async () => {
    const guest = await browser.newWindow();
    await guest.goto(`/u/${member.name}`);
    await guest.getByRole('heading', { level: 1, name: member.shown }).waitFor();
    await guest.getByText('No documents yet').waitFor();
    assert.equal(await cards(guest).count(), 0);
    await guest.goto('/u/nobody-has-this-name');
    await guest.getByText('Author not found').waitFor();
    await guest.context().close();
  });
}
