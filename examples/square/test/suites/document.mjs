// One document in two windows: what is done in one is seen in the other.
import assert from 'node:assert/strict';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

export default async function document({ check, page, browser }) {
  const other = await browser.newWindow(); // a guest's
  const like = (window) => window.getByRole('button', { name: /Like/ });
  const likes = async (window) => Number((await like(window).textContent()).match(/\d+/)[0]);
  const comments = async (window) => Number((await window.locator('[data-stat=comments]').textContent()).match(/\d+/)[0]);

  await check('a document opens in two windows, live', async () => {
    await page.goto('/');
    await page.locator('main article h2 a').first().click();
    await page.waitForURL(/\/documents\//);
    await other.goto(page.url());
    for (const window of [page, other]) await window.getByText('live', { exact: true }).waitFor();
  });
  await check('the contents lead to the headings of the text, which takes some minutes to read', async () => {
    const reader = await browser.newWindow();
    await reader.goto('/search?q=Writing+Markdown');
    await reader.getByRole('link', { name: 'Writing Markdown that reads well' }).click();
    await reader.locator('.prose').first().waitFor();
    await reader.getByText(/^\d+ min read$/).waitFor();
    const link = reader.getByRole('navigation', { name: 'Contents' }).getByRole('link').last();
    const heading = reader.locator('.prose').first().getByRole('heading', { name: await link.textContent(), exact: true }).last();
    await link.click();
    await eventually(() => heading.evaluate((it) => it.getBoundingClientRect().top >= 0 && it.getBoundingClientRect().top < innerHeight), true);
    await reader.goto('/');
    await reader.goBack();
    await eventually(() => heading.evaluate((it) => it.getBoundingClientRect().top < innerHeight), true);
    const code = await reader.request.get('/markdown.css');
    assert.match(code.headers()['content-type'], /^text\/css/);
    await reader.context().close();
  });
  await check('a like shows at once here, and then in the other window', async () => {
    const before = await likes(page);
    let release = () => {};
    const released = new Promise((resolve) => (release = resolve));
    await page.route('**/graphql', async (route) => { // the button does not wait for the answer
      await released;
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'x-cache-version': '7' } }); // as one of several instances answers
    });
    await like(page).click();
    await like(page).and(page.locator('[aria-pressed=true]')).waitFor();
    assert.equal(await likes(page), before + 1);
    assert.equal(await likes(other), before);
    release();
    await page.unrouteAll({ behavior: 'wait' });
    await eventually(() => likes(other), before + 1);
    assert.equal(await likes(page), before + 1);
  });
  await check('a favorite, asked for with the version of the like', async () => {
    const fresh = page.waitForRequest((request) => request.headers()['x-cache-version'] === '7');
    await page.getByRole('button', { name: /Favorite/ }).click();
    await fresh;
    await page.getByRole('button', { name: /Favorite/, pressed: true }).waitFor();
    await picture(page, 'liked');
  });
  await check('a comment and a reply appear in the other window, once in each', async () => {
    const before = await comments(other);
    await page.getByLabel('Your comment').fill('说得好。\nWell said.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await other.getByText('说得好。').waitFor();
    const mine = page.locator('ol > li', { hasText: '说得好。' });
    await mine.getByRole('button', { name: 'Reply' }).click();
    await mine.getByLabel('Your reply').fill('And one more thing.');
    await mine.getByRole('button', { name: 'Comment', exact: true }).click();
    await other.getByText('And one more thing.').waitFor();
    await mine.getByLabel('Your reply').waitFor({ state: 'detached' }); // its author has the answer and not only the event
    await eventually(() => comments(other), before + 2);
    for (const window of [page, other]) {
      assert.equal(await window.getByText('说得好。').count(), 1);
      assert.equal(await window.getByText('And one more thing.').count(), 1);
    }
  });
  await check('a view by somebody else is counted before the eyes', async () => {
    const views = page.locator('[data-stat=views]');
    await page.goto('/');
    await page.locator('main article h2 a').nth(1).click();
    await page.getByText('live', { exact: true }).waitFor();
    const before = await views.textContent();
    await other.goto(page.url());
    await eventually(async () => (await views.textContent()) !== before, true);
  });
  await check('a guest who likes is asked to sign in', async () => {
    await like(other).click();
    await other.waitForURL(/\/sign-in\?next=/);
  });
  await other.context().close();
}
