// All that a visitor does, from the first page to the last, without an error or a failed request.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';
import { draw } from './pictures.mjs';

const title = '漫步 A walk';
const text = '从头到尾。 From the beginning.\n\n```js\nconst answer = "四十二";\n```\n\n';

export default async function walk({ check, browser, on = '' }) {
  const page = await browser.newWindow();
  const failed = watch(page);
  const offences = browser.offences.length;
  const step = (name, run) => check(`a walk${on}: ${name}`, run);
  const content = page.getByLabel('Content in Markdown');
  const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
  const fromMenu = async (choice) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('main').getByRole('listitem').filter({ hasText: choice }).first().locator('a, button').click(); // the menu is before the comments
  };
  let address;

  await step('a guest reads', async () => {
    await page.goto('/');
    const link = page.locator('main article h2 a').first();
    const name = await link.textContent();
    await link.click();
    await heading(name);
    assert.ok((await page.locator('.prose').first().textContent()).trim());
  });
  await step('searches', async () => {
    const box = page.getByRole('combobox', { name: 'Search' });
    await box.fill('缓存');
    await box.press('Enter');
    await page.locator('main mark').first().waitFor();
    assert.match(await page.locator('main article').first().textContent(), /缓存/);
  });
  await step('opens an author', async () => {
    const link = page.locator('main article a[href^="/u/"]').first();
    address = await link.getAttribute('href');
    await link.click();
    await page.waitForURL(`**${address}`);
    await page.getByRole('heading', { level: 2, name: 'Documents' }).waitFor();
    assert.ok((await page.locator('main article').count()) > 0);
  });
  await step('signs up, and is back', async () => {
    const name = `walker-${randomBytes(4).toString('hex')}`;
    await page.getByRole('banner').getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('Username').fill(name);
    await page.getByLabel('Email').fill(`${name}@example.org`);
    await page.getByLabel('Password').fill(randomBytes(12).toString('hex'));
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.waitForURL(`**${address}`);
    await page.getByRole('button', { name: /account menu/ }).waitFor();
  });
  await step('writes, with a picture', async () => {
    await page.getByRole('link', { name: 'Write', exact: true }).click();
    await page.getByRole('button', { name: 'New document' }).click();
    await page.getByLabel('Title').fill(title);
    await content.fill(text);
    await content.press('Control+End');
    await page.getByLabel('Add pictures or files').setInputFiles({ name: '图.png', mimeType: 'image/png', buffer: await draw(browser) });
    await page.getByText('Added to the text').waitFor();
    assert.match(await content.inputValue(), /!\[[^\]]*\]\(\/files\/[\w-]+\)$/);
  });
  await step('previews', async () => {
    await page.getByRole('radio', { name: 'Preview' }).check();
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('从头到尾。').waitFor();
    await eventually(() => preview.locator('img').evaluate((it) => it.naturalWidth), 800);
    await preview.locator('pre code span').first().waitFor();
  });
  await step('publishes', async () => {
    await page.getByRole('radio', { name: 'Public' }).check();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.waitForURL(/\/documents\//);
    address = page.url();
    await heading(title);
    await eventually(() => page.locator('.prose img').evaluate((it) => it.naturalWidth), 800);
    await page.getByText('Everybody sees it').waitFor();
  });
  await step('comments', async () => {
    await page.getByLabel('Your comment').fill('第一条 The first comment.');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.getByRole('article').filter({ hasText: '第一条' }).last().waitFor();
    await eventually(async () => /1/.test(await page.locator('[data-stat=comments]').textContent()), true);
  });
  await step('likes', async () => {
    await page.getByRole('button', { name: /^\W*Like/ }).click();
    await eventually(() => page.getByRole('button', { name: /Like/, pressed: true }).textContent(), '♥Like1');
  });
  await step('edits', async () => {
    await page.getByRole('button', { name: 'Edit', exact: true }).first().click();
    await content.waitFor();
    await content.fill((await content.inputValue()).replace('From the beginning.', 'To the end.'));
    await page.getByRole('button', { name: 'Update' }).click();
    await page.waitForURL(address);
    await page.locator('.prose').first().getByText('To the end.').waitFor();
  });
  await step('sees the difference', async () => {
    await fromMenu('History');
    await page.getByRole('heading', { level: 2, name: 'Changes in revision 2' }).waitFor();
    assert.deepEqual(await page.locator('li[data-kind=added]').allTextContents(), ['从头到尾。 To the end.']);
    assert.deepEqual(await page.locator('li[data-kind=removed]').allTextContents(), ['从头到尾。 From the beginning.']);
    await picture(page, 'walk');
  });
  await step('unpublishes', async () => {
    await page.goBack();
    await heading(title);
    await fromMenu('Unpublish');
    await page.getByText('Only you see it').waitFor();
    await eventually(() => page.locator('.prose img').evaluate((it) => it.naturalWidth), 800);
  });
  await step('deletes', async () => {
    await fromMenu('Delete');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete document' }).click();
    await page.waitForURL(/\/desk$/);
    await page.getByRole('heading', { level: 1, name: 'My documents' }).waitFor();
    await eventually(() => page.getByRole('link', { name: title }).count(), 0);
  });
  await step('no console error, and no failed request', async () => {
    assert.deepEqual(browser.offences.slice(offences), []);
    assert.deepEqual(failed, []);
  });
  await page.context().close();
}

// The requests of a window that fail. One that the page itself has called off does not.
export function watch(page) {
  const failed = [];
  page.on('response', (response) => response.status() >= 400 && failed.push(`${response.status()} ${response.url()}`));
  page.on('requestfailed', (request) => {
    const { errorText } = request.failure();
    if (errorText !== 'net::ERR_ABORTED') failed.push(`${errorText} ${request.url()}`);
  });
  return failed;
}
