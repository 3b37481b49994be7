// The square and the search, as a guest sees them.
import assert from 'node:assert/strict';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

export default async function reading({ check, page, browser }) {
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
  await check('the home page says what the site is, with tags and trending documents above the fold of a phone', async () => {
    const phone = await browser.newWindow({ viewport: { width: 390, height: 844 } });
    await phone.goto('/');
    await phone.getByRole('heading', { level: 1, name: 'Write, read and discuss documents' }).waitFor();
    await phone.getByText(/^\d+ documents$/).first().waitFor();
    const tag = phone.getByRole('navigation', { name: 'Popular tags' }).getByRole('link').first();
    const hot = phone.getByRole('region', { name: 'Trending' }).getByRole('listitem');
    for (const part of [tag, hot.nth(2)]) {
      const { y, height } = await part.boundingBox();
      assert.ok(y > 0 && y + height <= 844, `${y} + ${height}`);
    }
    await picture(phone, 'home-phone');
    await tag.click();
    await phone.waitForURL(/tag=/);
    await phone.getByRole('heading', { level: 1, name: /^# / }).waitFor();
    await phone.context().close();
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
  await check('Back leads to the same place in a list that was longer than a page', async () => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Load more' }).click();
    const card = cards.nth(11).getByRole('heading', { level: 2 });
    await card.scrollIntoViewIfNeeded();
    const place = () => page.evaluate(() => scrollY);
    const [title, before] = [await card.textContent(), await place()];
    assert.ok(before > 1000, `${before}`);
    await card.getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    assert.equal(await page.title(), `${title} – Square`);
    assert.equal(await place(), 0);
    await page.goBack();
    await eventually(async () => Math.abs((await place()) - before) < 5, true);
    assert.ok((await cards.count()) > 10);
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.goto('/nowhere');
    assert.equal(await page.title(), 'Page not found – Square');
    await page.goto('/');
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
  await check('a search is narrowed down by format, category, tag and author, and widened again', async () => {
    await page.goto('/search?q=docsquare');
    await cards.first().waitFor();
    const all = await page.getByRole('status').filter({ hasText: /document/ }).textContent();
    const chips = page.getByRole('list', { name: 'Filters in use' }).getByRole('link');
    await page.getByText('Filters', { exact: true }).click();
    await page.getByLabel('Format', { exact: true }).selectOption({ label: 'Markdown' });
    await page.getByLabel('Author', { exact: true }).fill('guide');
    await page.getByLabel('Author', { exact: true }).press('Enter');
    await page.waitForURL(/format=MD&author=guide$/);
    await eventually(() => chips.allTextContents(), ['Format: Markdown ×', 'Author: guide ×']);
    const authors = cards.getByRole('link', { name: /guide/i });
    await eventually(async () => (await cards.count()) > 0 && (await authors.count()) >= (await cards.count()), true);
    await picture(page, 'filters');
    const tag = await page.getByRole('list', { name: 'Tags' }).first().getByRole('link').first().textContent();
    await page.getByLabel('Tag', { exact: true }).fill(tag);
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/tag=/);
    await eventually(() => chips.count(), 3);
    await page.getByLabel('Author', { exact: true }).fill('nobody-has-this-name');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('alert').filter({ hasText: 'No account has this username.' }).waitFor();
    while (await chips.count()) await chips.first().click();
    await page.waitForURL(/\?q=docsquare$/);
    await page.getByRole('status').filter({ hasText: all }).waitFor();
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
