// Every page at both widths, in light and dark: nothing is wider than the window, and axe finds nothing serious.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

const views = ['light', 'dark'].flatMap((colorScheme) => [
  { name: `wide-${colorScheme}`, colorScheme, viewport: { width: 1280, height: 900 } },
  { name: `narrow-${colorScheme}`, colorScheme, viewport: { width: 360, height: 740 } },
]);

export default async function layout({ check, page, member }) {
  await page.goto('/desk');
  await page.getByRole('button', { name: 'New document' }).click();
  await page.getByLabel('Content in Markdown').fill('# 一个标题\n\nSome text, and `code`.\n\n- 一\n- two\n\n```go\nfunc main() { println("你好") } // a line that is longer than the window of a telephone\n```\n');
  await page.locator('[data-state=saved]').waitFor();
  const editor = new URL(page.url()).pathname;
  await page.goto(`/search?q=${encodeURIComponent('二级缓存')}`);
  const article = await page.locator('main article h2 a').first().getAttribute('href');

  const pages = {
    square: '/',
    search: `/search?q=${encodeURIComponent('缓存 cache')}`,
    filtered: '/search?q=docsquare&format=MD&author=guide',
    category: '/?tag=graphql',
    nothing: '/search?q=zzzzqqqq',
    corrected: '/search?q=databse',
    author: '/u/guide',
    'own-author': `/u/${member.name}`,
    document: article,
    'own-document': new URL(member.document).pathname,
    history: `${new URL(member.document).pathname}/history`,
    desk: '/desk',
    editor,
    'editor-both': `${editor}?view=both`,
    'editor-preview': `${editor}?view=preview`,
    upload: '/upload',
    library: '/library',
    files: '/library?tab=files',
    settings: '/settings',
    'sign-in': '/sign-in',
    'sign-up': '/sign-up',
  };
  member.pages = pages;
  for (const [name, path] of Object.entries(pages)) {
    await check(`${name}: nothing is wider than the window, or keeps somebody from using it`, async () => {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await eventually(() => page.getByRole('status', { name: /^Loading/ }).count(), 0);
      for (const { name: view, colorScheme, viewport } of views) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(excess <= 0, `${view}: ${excess} px too wide`);
        await picture(page, `${name}-${view}`);
        await assertAccessible(page, view);
      }
    });
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(views[0].viewport);
}
