// One's own comments, a link to one comment, and code that is copied.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { run } from '../lib/api.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

export default async function comments({ check, page, browser }) {
  const section = (window) => window.getByRole('region', { name: 'Comments' });
  const inView = (item) => item.evaluate((it) => it.getBoundingClientRect().top >= 0 && it.getBoundingClientRect().bottom <= innerHeight);

  await check('a comment is changed by its author, and nobody else', async () => {
    await page.goto('/search?q=caching');
    await page.getByRole('link', { name: 'How the cache works' }).click();
    await page.getByLabel('Your comment').fill('第一稿 First draft.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    const mine = section(page).getByRole('article').filter({ hasText: '第一稿' });
    await mine.waitFor();
    assert.equal(await mine.getByText('edited').count(), 0);
    assert.equal(await section(page).getByRole('button', { name: 'Edit', exact: true }).count(), 1);
    await mine.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Edit your comment').fill('第二稿 Second draft.');
    await page.keyboard.press('Escape');
    await mine.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Edit your comment').fill(`第二稿 **Second** draft.\n\n    ${'wide '.repeat(60)}`);
    await assertAccessible(page, 'comment editor');
    await page.waitForTimeout(1100); // a change within a second counts as part of writing
    await page.getByRole('button', { name: 'Save' }).click();
    const changed = section(page).getByRole('article').filter({ hasText: '第二稿 Second draft.' });
    await changed.getByText('edited').waitFor();
    assert.equal(await changed.locator('strong').innerText(), 'Second');
    assert.equal(await mine.count(), 0);
  });
  await check('a link to a comment leads to it', async () => {
    const mine = section(page).getByRole('article').filter({ hasText: '第二稿' });
    await mine.getByRole('link').filter({ has: page.locator('time') }).click();
    await page.waitForURL(/#comment-/);
    await eventually(() => mine.getAttribute('data-linked'), 'true');
    const reader = await browser.newWindow();
    await reader.goto(page.url());
    const linked = reader.locator('[data-linked=true]');
    await linked.getByText('第二稿 Second draft.').waitFor();
    await eventually(() => inView(linked), true);
    await picture(reader, 'linked-comment');
    await reader.setViewportSize({ width: 390, height: 800 });
    assert.equal(await reader.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await reader.context().close();
  });
  await check('a comment is deleted after a question', async () => {
    const mine = section(page).getByRole('article').filter({ hasText: '第二稿' });
    await mine.getByRole('button', { name: 'Delete comment' }).click();
    await mine.getByRole('button', { name: 'Delete', exact: true }).click();
    await mine.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('The linked comment was deleted').waitFor();
    assert.equal(await mine.count(), 0);
  });
  await check('a link to a comment that is not in the first page shows it above the list', async () => {
    await page.goto('/search?q=N%2B1');
    await page.getByRole('link', { name: '多层嵌套查询与 N+1 问题' }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const id = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1));
    let last = { endCursor: null };
    let final;
    do {
      const { document } = await run(page, 'CommentList', { id, order: 'DESC', after: last.endCursor });
      last = document.comments.pageInfo;
      final = document.comments.edges.at(-1).node;
    } while (last.hasNextPage);
    await page.goto(`/documents/${id}#comment-${final.id}`);
    await page.reload();
    const linked = page.getByRole('region', { name: 'Linked comment' });
    await linked.getByText(final.body).waitFor();
    await eventually(() => inView(linked), true);
    await picture(page, 'linked-above');
    await assertAccessible(page, 'linked comment');
  });
  await check('comments are the newest first, or the oldest by a choice that is kept', async () => {
    const order = (name) => section(page).getByRole('radio', { name });
    const times = () => section(page).locator('ol[aria-live] > li > article time').evaluateAll((all) => all.map((it) => it.dateTime));
    const sorted = async (from, to) => {
      const shown = await times();
      return shown.length > 1 && shown.every((time, index) => index === 0 || (from(shown[index - 1], time) <= to));
    };
    const newest = (a, b) => Date.parse(b) - Date.parse(a);
    const oldest = (a, b) => Date.parse(a) - Date.parse(b);
    await eventually(() => sorted(newest, 0), true);
    await section(page).getByLabel('Your comment').fill('最新的一条 The newest.');
    await section(page).getByRole('button', { name: 'Comment', exact: true }).click();
    await eventually(async () => (await section(page).locator('ol[aria-live] > li > article').first().textContent()).includes('最新的一条'), true);
    await picture(page, 'newest-first');
    await order('Oldest first').check();
    await eventually(() => sorted(oldest, 0), true);
    await page.reload();
    await eventually(() => order('Oldest first').isChecked(), true);
    await eventually(() => sorted(oldest, 0), true);
    const shown = (await times()).length;
    await section(page).getByRole('button', { name: 'More comments' }).click();
    await eventually(async () => (await times()).length > shown && (await sorted(oldest, 0)), true);
    await order('Newest first').check();
    await eventually(() => sorted(newest, 0), true);
    await section(page).getByRole('article').filter({ hasText: '最新的一条' }).waitFor();
  });
  await check('code is copied by a button', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/search?q=first+query');
    await page.getByRole('link', { name: 'Your first query' }).click();
    const code = page.locator('.prose .code').first();
    await code.getByRole('button', { name: 'Copy' }).click();
    await code.getByRole('button', { name: 'Copied' }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await code.locator('pre').textContent());
    await picture(page, 'code');
    await code.getByRole('button', { name: 'Copy', exact: true }).waitFor();
  });
}
