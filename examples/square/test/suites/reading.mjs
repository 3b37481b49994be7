// The square and the search, as a guest sees them.
import assert from 'node:assert/strict';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

export default async function reading({ check, page }) {
  const cards = page.locator('main article');
  const titles = () => page.locator('main article h2').allTextContents();
  const box = page.getByRole('combobox', { name: 'Search' });

  await check('the square lists a page of documents, and more on demand', async () => {
    await page.goto('/');
    await cards.first().waitFor();
    assert.equal(await cards.count(), 10);
    await page.getByRole('button', { name: 'Load more' }).click();
    await cards.nth(10).waitFor();
    assert.equal(new Set(await titles()).size, await cards.count());
  });
  await check('filter and order change the list and the address', async () => {
    const category = page.getByRole('navigation', { name: 'Categories' }).getByRole('link').first();
    await category.click();
    await page.waitForURL(/category=/);
    await category.and(page.locator('[aria-current]')).waitFor();
    await page.getByRole('radio', { name: 'Popular' }).check();
    await page.waitForURL(/order=POPULARITY/);
    await page.goBack();
    await page.waitForURL((url) => !url.search);
  });
  await check('documents of the hour', async () => {
    const trending = page.getByRole('region', { name: 'Trending' });
    await trending.getByRole('radio', { name: 'Month' }).check();
    await eventually(() => trending.getByRole('listitem').count(), 6);
  });
  for (const [language, query, suggested] of [['Chinese', '缓存', '二级缓存与失效'], ['English', 'caching', 'How the cache works']]) {
    await check(`search in ${language}, with what matches marked`, async () => {
      await box.fill(query);
      await box.press('Enter');
      await page.waitForURL(/\/search\?q=/);
      await page.locator('main mark').first().waitFor();
      assert.ok((await titles()).includes(suggested), (await titles()).join(', '));
    });
  }
  await check('a misspelled word leads to a link with the nearest one', async () => {
    await page.goto('/search?q=markdwon');
    await page.getByText('Did you mean').getByRole('link', { name: 'markdown' }).click();
    await page.waitForURL(/q=markdown/);
    await cards.first().waitFor();
  });
  await check('search goes on page by page', async () => {
    await page.goto('/search?q=document');
    await cards.first().waitFor();
    const more = page.getByRole('button', { name: 'Load more' });
    const before = await cards.count();
    await more.click();
    await cards.nth(before).waitFor();
    assert.equal(new Set(await titles()).size, await cards.count());
  });
  await check('suggestions lead by the keyboard to a document', async () => {
    await box.fill('');
    await box.pressSequentially('二级');
    await page.getByRole('option', { name: /二级缓存与失效/ }).waitFor();
    await box.press('ArrowDown');
    await picture(page, 'suggestions');
    await box.press('Enter');
    await page.getByRole('heading', { level: 1, name: '二级缓存与失效' }).waitFor();
  });
  await check('what is not there is said, not shown', async () => {
    const addresses = { '/documents/none': /Invalid ID/, '/nowhere': /Page not found/, '/search?q=zzzzqqqq': /No results/ };
    for (const [address, words] of Object.entries(addresses)) {
      await page.goto(address);
      await page.getByText(words).waitFor();
    }
  });
}
