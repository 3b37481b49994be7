// The preview of the editor: the text as the server renders it, by itself or next to what is written.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';
import { draw } from './pictures.mjs';

const text = '# 预览 Preview\n\n段落 with **bold** words.\n\n```go\nfunc main() { println("你好") }\n```\n\n';

export default async function preview({ check, page, browser }) {
  const content = page.getByLabel('Content in Markdown');
  const view = (name) => page.getByRole('radio', { name, exact: true });
  const shown = page.getByRole('region', { name: 'Preview' });
  const image = shown.locator('img');
  const saved = () => eventually(() => page.locator('[data-state]').getAttribute('data-state'), 'saved');

  await check('the preview shows code in colours, and pictures that only the author may see', async () => {
    await page.goto('/desk');
    await page.getByRole('button', { name: 'New document' }).click();
    await content.fill(text);
    await content.press('Control+End');
    await page.getByLabel('Add pictures or files').setInputFiles({ name: '图.png', mimeType: 'image/png', buffer: await draw(browser) });
    await page.getByText('Added to the text').waitFor();
    await view('Preview').check();
    await page.waitForURL(/view=preview$/);
    await content.waitFor({ state: 'hidden' });
    await shown.getByRole('heading', { name: '预览 Preview' }).waitFor();
    const colours = () => shown.locator('pre code span').evaluateAll((all) => new Set(all.map((it) => getComputedStyle(it).color)).size);
    await eventually(async () => (await colours()) > 1, true);
    await eventually(() => image.evaluate((it) => it.naturalWidth), 800);
    await picture(page, 'preview');
    await assertAccessible(page, 'preview');
  });
  await check('next to the text it follows each save, and what has not changed stays as it is', async () => {
    await view('Side by side').check();
    await content.press('Control+Home');
    await eventually(() => image.evaluate((it) => it.naturalWidth), 800);
    await image.evaluate((it) => (it.kept = true));
    await content.press('Control+End');
    await content.pressSequentially('\n\n最后一段 The last paragraph.');
    await shown.getByText('最后一段 The last paragraph.').waitFor();
    await content.press('Control+Home');
    await content.press('End');
    await content.pressSequentially(' 二');
    await shown.getByRole('heading', { name: '预览 Preview 二' }).waitFor();
    assert.equal(await image.evaluate((it) => it.kept && it.naturalWidth), 800);
    await picture(page, 'preview-both');
    await assertAccessible(page, 'preview next to the text');
  });
  await check('a long text and its preview are scrolled together', async () => {
    await content.press('Control+End');
    await content.fill(`${await content.inputValue()}\n\n${Array.from({ length: 60 }, (_, n) => `第 ${n} 段 paragraph.`).join('\n\n')}`);
    await shown.getByText('第 59 段').waitFor();
    const place = () => shown.evaluate((it) => Math.round((100 * it.scrollTop) / (it.scrollHeight - it.clientHeight)));
    await content.evaluate((it) => it.scrollTo(0, 0));
    await eventually(place, 0);
    await content.evaluate((it) => it.scrollTo(0, it.scrollHeight));
    await eventually(place, 100);
  });
  await check('while nothing can be saved, the preview reports that it is of an earlier text', async () => {
    await browser.whileCut(async () => {
      await page.route('**/graphql', (route) => (route.request().postData()?.includes('SaveText') ? route.abort() : route.continue()));
      await content.press('Control+End');
      await content.pressSequentially(' Unsaved.');
      await shown.getByText('as it was last saved').waitFor();
      assert.equal(await shown.getByText('Unsaved.').count(), 0);
      await page.unroute('**/graphql');
      await saved();
    });
    await shown.getByText('Unsaved.').waitFor();
    await shown.getByText('as it was last saved').waitFor({ state: 'detached' });
  });
  await check('links of the preview open another tab, and the editor stays', async () => {
    await content.fill('[缓存](/?tag=graphql)');
    const opened = page.context().waitForEvent('page');
    await shown.getByRole('link', { name: '缓存' }).click();
    const other = await opened;
    await other.waitForURL(/\/\?tag=graphql$/);
    await other.close();
    await content.fill('');
    await shown.getByText('There is no text to preview yet.').waitFor();
    await saved();
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByRole('heading', { name: 'My documents' }).waitFor();
  });
}
