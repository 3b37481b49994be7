// Pictures: pasted into a text, seen by guests as long as the document is public, covers and avatars.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

// The width of a picture that the browser has decoded; 0 where it has none.
const widthOf = (image) => image.evaluate((it) => it.naturalWidth);

export default async function pictures({ check, page, browser }) {
  const content = page.getByLabel('Content in Markdown');
  const sent = page.getByRole('list', { name: 'Files in the text' });
  const png = await draw(browser);
  const file = (name) => ({ name, mimeType: 'image/png', buffer: png });
  let address;

  await check('an avatar is chosen in the settings', async () => {
    await page.goto('/settings');
    await page.getByLabel('Add a picture').setInputFiles(file('me.png'));
    await page.getByText('Change the picture').waitFor();
    await eventually(async () => (await widthOf(page.locator('main img').first())) > 0, true);
    await assertAccessible(page, 'settings');
    await page.goto('/desk');
  });
  await check('a picture is pasted into a text, and its Markdown comes in its place', async () => {
    await page.getByRole('button', { name: 'New document' }).click();
    await content.fill('# 有图的文章 With a picture\n\n前文。\n\n');
    await content.press('Control+End');
    await paste(page, png);
    await sent.getByText('Added to the text').waitFor();
    assert.match(await content.inputValue(), /^# 有图的文章 With a picture\n\n前文。\n\n!\[[^\]]*\]\(\/files\/[\w-]+\)$/);
    await content.pressSequentially('\n\n后文。');
    assert.match(await content.inputValue(), /\)\n\n后文。$/);
  });
  await check('text with a picture of it is pasted as text', async () => {
    await paste(page, png, 'plain words');
    await eventually(async () => (await content.inputValue()).endsWith('后文。'), true); // the browser pastes nothing of an event of a script
    assert.equal(await sent.getByRole('listitem').count(), 1);
  });
  await check('a picture is dropped; one whose answer is lost is sent again and stored once', async () => {
    const keys = [];
    await browser.whileCut(async () => {
      await page.route('**/graphql', async (route) => {
        const body = route.request().postDataBuffer()?.toString('latin1') ?? '';
        const key = /"clientMutationId":"(\w+)"/.exec(body)?.[1];
        if (!key) return route.continue();
        keys.push(key);
        if (keys.length > 1) return route.continue();
        await route.fetch();
        return route.abort();
      });
      await content.evaluate((box, data) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], '落下.png', { type: 'image/png' }));
        for (const type of ['dragover', 'drop']) box.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: transfer }));
      }, png.toString('base64'));
      await sent.getByText('Added to the text').nth(1).waitFor();
      await page.unroute('**/graphql');
    });
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    assert.equal((await content.inputValue()).match(/!\[/g).length, 2);
  });
  await check('what the server does not take is told, and is in the way of nothing once it is removed', async () => {
    await page.getByLabel('Add pictures or files').setInputFiles({ name: 'a.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
    await sent.getByRole('alert').filter({ hasText: 'SVG' }).waitFor();
    await picture(page, 'pasted');
    await assertAccessible(page, 'pasted files');
    await sent.getByRole('button', { name: 'Remove' }).click();
    await eventually(async () => (await content.inputValue()).includes('<!--'), false);
  });
  await check('files are attached: with name, size and type; one is removed again', async () => {
    const attachments = page.getByRole('region', { name: 'Attachments' });
    await attachments.getByLabel('Attach files').setInputFiles([
      { name: '附件 notes.txt', mimeType: 'text/plain', buffer: Buffer.from('字'.repeat(1000)) }, file('chart.png'), { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('wrong') },
    ]);
    await attachments.getByText('2.9 KiB, Text').waitFor();
    await attachments.getByText('PNG picture').waitFor();
    await eventually(() => attachments.getByRole('progressbar').count(), 0);
    await attachments.getByRole('button', { name: 'Remove wrong.txt' }).click();
    await eventually(() => attachments.getByRole('listitem').count(), 2);
    assert.ok(await attachments.evaluate((section) => section === document.activeElement));
    await picture(page, 'attachments');
    await assertAccessible(page, 'attachments');
  });
  await check('its author sees the picture of a private document, and nobody else', async () => {
    await page.getByRole('button', { name: 'Save privately' }).click();
    await page.waitForURL(/\/documents\//);
    address = page.url();
    await eventually(() => widthOf(page.locator('.prose img').first()), 800);
    assert.match(await page.locator('.prose img').first().getAttribute('src'), /^blob:/);
    await eventually(async () => (await widthOf(page.locator('header img').first())) > 0, true);
  });
  await check('the document lists its attachments with size and type, and its editor has them', async () => {
    const files = page.getByRole('region', { name: 'Files' });
    assert.deepEqual(await files.getByRole('listitem').allTextContents(), ['附件 notes.txt 2.9 KiB, Text', `chart.png ${sizeOf(png)}, PNG picture`]);
    await page.getByRole('button', { name: 'Edit' }).click();
    const attachments = page.getByRole('region', { name: 'Attachments' });
    await attachments.getByRole('button', { name: 'Remove chart.png' }).click();
    await page.getByRole('button', { name: 'Update' }).click();
    await page.waitForURL(address);
    await eventually(() => files.getByRole('listitem').allTextContents(), ['附件 notes.txt 2.9 KiB, Text']);
  });
  await check('pictures of the text have their sizes before they are there', async () => {
    const attributes = await page.locator('.prose img').first().evaluate((it) => ['width', 'height', 'decoding'].map((name) => it.getAttribute(name)));
    assert.deepEqual(attributes, ['800', '400', 'async']);
  });
  await check('a cover is added', async () => {
    await page.getByLabel('Add a cover').setInputFiles(file('cover.png'));
    await page.getByText('Change the cover').waitFor();
    await picture(page, 'private-picture');
    await assertAccessible(page, 'cover and files');
  });
  await check('a guest sees the pictures of a public document, on its page and in lists', async () => {
    await setVisibility(page, address, 'Public');
    const guest = await browser.newWindow();
    await guest.goto(address);
    const inText = guest.locator('.prose img').first();
    await inText.scrollIntoViewIfNeeded();
    await eventually(() => widthOf(inText), 800);
    assert.ok(await guest.locator('main img').evaluateAll((all) => all.length >= 4 && all.every((image) => image.hasAttribute('alt'))));
    await guest.goto('/');
    const cover = guest.locator('main article', { hasText: '有图的文章' }).locator('img[src*="w640"]');
    await eventually(() => widthOf(cover), 640);
    await guest.context().close();
  });
  await check('they are gone for others when it is private again', async () => {
    const files = await page.locator('.prose img').evaluateAll((all) => all.map((image) => image.getAttribute('src')));
    const status = async () => {
      const guest = await browser.newWindow();
      const answers = await Promise.all(files.map(async (path) => (await guest.request.get(path)).status()));
      await guest.context().close();
      return answers;
    };
    assert.deepEqual(await status(), files.map(() => 200));
    await setVisibility(page, address, 'Private');
    assert.deepEqual(await status(), files.map(() => 404));
  });
}

// Changes by the editor who sees a document, and waits for its page.
async function setVisibility(page, address, name) {
  await page.goto(address);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: 'Update' }).click();
  await page.waitForURL(address);
  await page.locator('.prose img').first().waitFor();
}

const sizeOf = ({ length }) => (length < 1024 ? `${length} B` : `${(length / 1024).toFixed(length < 100 * 1024 ? 1 : 0)} KiB`);

// A picture of 800 by 400 pixels.
export async function draw(browser) {
  const window = await browser.newWindow({ viewport: { width: 800, height: 400 } });
  await window.setContent('<body style="margin:0;height:100vh;background:linear-gradient(120deg,teal,navy)"></body>');
  const png = await window.screenshot();
  await window.context().close();
  return png;
}

// Pastes as a program would that has put a picture on the clipboard, and a text with it if there is one.
async function paste(page, png, text = '') {
  await page.getByLabel('Content in Markdown').evaluate((box, [data, words]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], 'image.png', { type: 'image/png' }));
    if (words) transfer.setData('text/plain', words);
    box.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: transfer }));
  }, [png.toString('base64'), text]);
}
