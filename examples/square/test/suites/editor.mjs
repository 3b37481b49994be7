// Writing: autosave, a server that dies, two editors of one text, and what becomes of it.
import assert from 'node:assert/strict';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';
import { sameMember } from '../lib/sameMember.mjs';

export default async function editor({ check, page, browser, server, member }) {
  const content = page.getByLabel('Content in Markdown');
  const state = (window = page) => window.locator('[data-state]').getAttribute('data-state');
  const open = async (window, path) => {
    await window.goto(path);
    await window.getByLabel('Content in Markdown').waitFor();
  };

  await check('a new text saves itself', async () => {
    await page.getByRole('link', { name: 'Write', exact: true }).click();
    await page.getByRole('button', { name: 'New document' }).click();
    await page.getByLabel('Title').fill('草稿 Draft');
    await content.pressSequentially('# 标题\n\nThe first paragraph.\n', { delay: 5 });
    await eventually(state, 'saved');
  });
  const fault = server.kill ? 'the server dies' : 'the network breaks';
  await check(`${fault} while somebody writes: nothing is lost`, async () => {
    await browser.whileCut(async () => {
      if (server.kill) await server.kill();
      else await page.context().setOffline(true);
      await content.press('Control+End');
      await content.pressSequentially('Written without a server. 没有服务器也能写。\n');
      await eventually(state, 'offline');
      await content.pressSequentially('And on.\n');
      await picture(page, 'offline');
      if (server.kill) await server.start();
      else await page.context().setOffline(false);
      await eventually(state, 'saved');
    });
    await page.reload();
    await eventually(() => content.inputValue(), '# 标题\n\nThe first paragraph.\nWritten without a server. 没有服务器也能写。\nAnd on.\n');
  });
  await check('what was not saved before a reload is there after it', async () => {
    await page.context().setOffline(true);
    await browser.whileCut(async () => {
      await content.press('Control+End');
      await content.pressSequentially('Not saved.\n');
      await eventually(state, 'offline');
      page.once('dialog', (dialog) => dialog.accept());
      await page.context().setOffline(false);
      await page.route('**/graphql', (route) => (route.request().postData()?.includes('SaveText') ? route.abort() : route.continue()));
      await page.reload();
      await eventually(async () => (await content.inputValue()).endsWith('Not saved.\n'), true);
      await page.unroute('**/graphql');
      await eventually(state, 'saved');
    });
  });
  await check('two editors of one text: both are shown, one is chosen', async () => {
    const other = await sameMember(browser, page);
    await open(other, page.url());
    await other.getByLabel('Content in Markdown').fill('# Theirs\n');
    await eventually(() => state(other), 'saved');
    await content.press('Control+End');
    await content.pressSequentially('Mine.\n');
    await page.getByRole('region', { name: 'Other version' }).getByText('# Theirs').waitFor();
    assert.equal(await state(), 'conflict');
    await picture(page, 'conflict');
    await page.getByRole('button', { name: 'Keep my version' }).click();
    await eventually(state, 'saved');
    await other.context().close();
  });
  await check('the text can be gone on with from the desk', async () => {
    await page.getByRole('link', { name: 'Write', exact: true }).click();
    await page.getByRole('link', { name: '草稿 Draft' }).click();
    await eventually(async () => (await content.inputValue()).endsWith('Mine.\n'), true);
  });
  await check('a bad category is told at the field', async () => {
    await page.getByRole('radio', { name: 'Private' }).and(page.locator(':checked')).waitFor(); // unless its author says otherwise
    await page.getByRole('radio', { name: 'Public' }).check();
    await page.getByLabel('Tags').fill(`${'x'.repeat(40)}`);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.locator('input[name=tags][aria-invalid=true]').waitFor();
  });
  await check('publish: a document with category and tags', async () => {
    await page.getByLabel('Category').fill('写作');
    await page.getByLabel('Tags').fill('draft，草稿');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.waitForURL(/\/documents\//);
    await page.getByRole('heading', { level: 1, name: '草稿 Draft' }).waitFor();
    await page.getByText('没有服务器也能写。').waitFor();
    assert.deepEqual(await page.getByRole('list', { name: 'Tags' }).getByRole('listitem').allTextContents(), ['draft', '草稿']);
    member.document = page.url();
  });
  await check('a document that has moved on under its editor: both are shown, one is chosen', async () => {
    await page.getByRole('button', { name: 'Edit' }).click();
    await content.fill('# 草稿 Draft\n\nMine goes on.\n');
    await page.route('**/graphql', (route) => { // as if somebody had changed it by another client
      if (!route.request().postData()?.includes('"Commit"')) return route.continue();
      const document = { revision: 2, title: '草稿 Draft', summary: '', body: 'The other revision.\n' };
      const extensions = { code: 'CONFLICT', field: 'documentRevision', revision: 2, document, base: null };
      return route.fulfill({ json: { data: null, errors: [{ message: 'moved on', path: ['commitEditorSession'], extensions }] } });
    });
    await page.getByRole('button', { name: 'Update' }).click();
    await page.getByRole('button', { name: 'Use the other version' }).click();
    await page.unroute('**/graphql');
    await eventually(() => content.inputValue(), 'The other revision.\n');
    await eventually(state, 'saved');
  });
  await check('a text that was published elsewhere goes on as a new one', async () => {
    const other = await sameMember(browser, page);
    await open(other, page.url());
    await other.getByRole('button', { name: 'Update' }).click();
    await other.waitForURL(/\/documents\//);
    await other.context().close();
    await content.fill('# Mine goes on\n');
    const ended = page.url();
    await page.getByRole('button', { name: 'Continue as a new draft' }).click();
    await page.waitForURL((url) => url.href !== ended);
    await eventually(() => content.inputValue(), '# Mine goes on\n');
  });
  await check('discard', async () => {
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByRole('heading', { name: 'My documents' }).waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Drafts' }).count(), 0);
  });
}
