// The menu of a document: its history, restoring a revision, unpublishing, deleting.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { run } from '../lib/api.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

const body = Array.from({ length: 30 }, (_, index) => `第 ${index + 1} 段 Paragraph ${index + 1}.`).join('\n\n');

export default async function menu({ check, page, browser }) {
  const open = async (choice) => {
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('main').getByRole('listitem').filter({ hasText: choice }).locator('a, button').click();
  };
  const lines = async (kind) => (await page.locator(`li[data-kind=${kind}]`).allTextContents());
  const statusFor = async (address) => {
    const guest = await browser.newWindow();
    await guest.goto(address);
    const shown = await guest.getByRole('heading').filter({ hasText: /历史|Document not found/ }).first().textContent();
    await guest.context().close();
    return shown;
  };
  let address;

  await check('the history of a document shows what a revision has changed', async () => {
    const { createDocument } = await run(page, 'MakeDocument', { input: { title: '历史 History', summary: '摘要', body, visibility: 'PUBLIC' } });
    const { id } = createDocument.document;
    const input = { documentId: id, expectedRevision: 1, title: '历史 History', summary: '摘要', body: body.replace('Paragraph 7.', 'The seventh.') };
    await run(page, 'Restore', { input });
    await page.goto(`/documents/${id}`);
    address = page.url();
    await open('History');
    await page.getByRole('heading', { level: 2, name: 'Changes in revision 2' }).waitFor();
    assert.deepEqual(await lines('removed'), ['第 7 段 Paragraph 7.']);
    assert.deepEqual(await lines('added'), ['第 7 段 The seventh.']);
    assert.equal((await lines('gap')).length, 2);
    assert.equal((await lines('same')).length, 6);
    await picture(page, 'history');
  });
  await check('an earlier revision is restored as the next one', async () => {
    await page.getByRole('navigation', { name: 'Revisions' }).getByRole('link', { name: /Revision 1/ }).click();
    await page.waitForURL(/revision=1/);
    await page.getByRole('button', { name: 'Restore this revision' }).click();
    await page.waitForURL(address);
    await page.locator('.prose').first().getByText('Paragraph 7.').waitFor();
    await open('History');
    await page.getByRole('heading', { level: 2, name: 'Changes in revision 3' }).waitFor();
    assert.deepEqual(await lines('added'), ['第 7 段 Paragraph 7.']);
  });
  await check('only its author sees the history', async () => {
    const guest = await browser.newWindow();
    await guest.goto(page.url());
    await guest.waitForURL(/\/sign-in\?next=/);
    await guest.goto(address);
    await guest.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await guest.getByRole('button', { name: 'More', exact: true }).count(), 0);
    await guest.context().close();
  });
  await check('a document is unpublished, and published again', async () => {
    await page.goto(address);
    await open('Unpublish');
    await page.getByText('Only you see it').waitFor();
    assert.equal(await statusFor(address), 'Document not found');
    await open('Publish');
    await page.getByText('Everybody sees it').waitFor();
    assert.equal(await statusFor(address), '历史 History');
  });
  await check('a document is deleted after a question, which Escape answers with no', async () => {
    const dialog = page.getByRole('dialog', { name: 'Delete this document?' });
    await open('Delete');
    await dialog.waitFor();
    await picture(page, 'delete');
    await assertAccessible(page, 'delete');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await open('Delete');
    await dialog.getByRole('button', { name: 'Delete document' }).click();
    await page.waitForURL(/\/desk$/);
    await page.getByRole('heading', { name: 'My documents' }).waitFor();
    await eventually(async () => page.getByRole('link', { name: '历史 History' }).count(), 0);
    assert.equal(await statusFor(address), 'Document not found');
  });
}
