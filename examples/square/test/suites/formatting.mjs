// The toolbar and the keys of the editor.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

export default async function formatting({ check, page }) {
  const content = page.getByLabel('Content in Markdown');
  const press = (name) => page.getByRole('group', { name: 'Formatting' }).getByRole('button', { name, exact: true }).click();
  const select = (text) => content.evaluate((box, text) => box.setSelectionRange(box.value.indexOf(text), box.value.indexOf(text) + text.length), text);
  const write = async (text) => {
    await content.fill(text);
    await content.focus();
  };

  await check('the toolbar formats what is selected, and takes it back', async () => {
    await page.goto('/desk');
    await page.getByRole('button', { name: 'New document' }).click();
    await write('缓存 is fast\nsecond line');
    await select('缓存');
    await press('Bold (Ctrl+B)');
    assert.equal(await content.inputValue(), '**缓存** is fast\nsecond line');
    await page.keyboard.press('Control+b');
    assert.equal(await content.inputValue(), '缓存 is fast\nsecond line');
    await page.keyboard.press('Control+i');
    assert.equal(await content.inputValue(), '*缓存* is fast\nsecond line');
    await page.keyboard.press('Control+z');
    assert.equal(await content.inputValue(), '缓存 is fast\nsecond line');
    await page.keyboard.press('Control+a');
    for (const [name, expected] of Object.entries({
      List: '- 缓存 is fast\n- second line',
      'Numbered list': '1. 缓存 is fast\n2. second line',
      Quote: '> 缓存 is fast\n> second line',
    })) {
      await press(name);
      assert.equal(await content.inputValue(), expected);
      await press(name);
      assert.equal(await content.inputValue(), '缓存 is fast\nsecond line');
    }
    await press('Code');
    await page.keyboard.type('go');
    assert.equal(await content.inputValue(), '```go\n缓存 is fast\nsecond line\n```');
    await write('docs');
    await select('docs');
    await press('Link (Ctrl+K)');
    await page.keyboard.type('https://example.org');
    assert.equal(await content.inputValue(), '[docs](https://example.org)');
    await eventually(() => page.locator('[data-state]').getAttribute('data-state'), 'saved');
    await picture(page, 'toolbar');
    await assertAccessible(page, 'toolbar');
  });
  await check('Tab indents and Shift+Tab takes it back; after Escape, Tab leaves the text', async () => {
    await write('- one\n- two');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Tab');
    assert.equal(await content.inputValue(), '- one\n    - two');
    await page.keyboard.type('!');
    assert.equal(await content.inputValue(), '- one\n    - two!');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    assert.equal(await content.inputValue(), '- one\n- two!');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    assert.equal(await content.inputValue(), '- one\n- two!');
    assert.ok(await content.evaluate((box) => box !== document.activeElement));
  });
  await check('a new document is private, with a summary of its author', async () => {
    await page.getByLabel('Title').fill('格式 Formatting');
    await page.getByLabel('Summary').fill('一句话的摘要。');
    await page.getByRole('button', { name: 'Save privately' }).click();
    await page.waitForURL(/\/documents\//);
    await page.getByText('Only you see it').waitFor();
    assert.equal(await page.locator('meta[name=description]').getAttribute('content'), '一句话的摘要。');
  });
}
