// The user interface in Chinese: by the language of the browser, by choice, and in full.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';
import { sameMember } from '../lib/sameMember.mjs';

// Words that are the same in Chinese: names, formats, units, keys, the examples of the search, and what a colon is before, such as the name of a file.
const same = /Square|Markdown|PDF|DOCX|Word|PNG|KiB|MiB|English|Chrome|Linux|cach|guide|Tab|Esc|Ctrl|：.*|@reader-\w+|text\/plain|application\/[\w.-]+/g;

export default async function language({ check, page, browser, member }) {
  const lang = (window) => window.evaluate(() => document.documentElement.lang);
  const chinese = await sameMember(browser, page, { locale: 'zh-CN' });

  await check('a browser in Chinese gets the user interface in Chinese', async () => {
    const guest = await browser.newWindow({ locale: 'zh-CN' });
    await guest.goto('/');
    await guest.getByRole('heading', { level: 1, name: '写作、阅读、讨论文档' }).waitFor();
    assert.equal(await lang(guest), 'zh-Hans');
    await guest.getByText(/^\d+ 篇文档$/).first().waitFor();
    await guest.getByRole('link', { name: '登录' }).click();
    await guest.getByLabel('用户名或邮箱').waitFor();
    assert.equal(await guest.title(), '登录 – Square');
    await guest.context().close();
  });
  await check('a chosen language counts at once, and after a reload', async () => {
    await page.goto('/');
    assert.equal(await lang(page), 'en');
    await page.getByLabel('Search').fill('半句话');
    await page.getByRole('group', { name: 'Language' }).getByRole('button', { name: '中文' }).click();
    await page.getByRole('heading', { level: 1, name: '写作、阅读、讨论文档' }).waitFor();
    assert.equal(await page.getByLabel('搜索').inputValue(), '半句话');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: '写作、阅读、讨论文档' }).waitFor();
    assert.equal(await lang(page), 'zh-Hans');
    await page.getByRole('group', { name: '语言' }).getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { level: 1, name: 'Write, read and discuss documents' }).waitFor();
  });
  await check('no English word of the user interface is left in Chinese, on any page', async () => {
    const left = {};
    for (const [name, path] of Object.entries(member.pages)) {
      await chinese.goto(path);
      await chinese.getByRole('heading', { level: 1 }).first().waitFor();
      await eventually(() => chinese.getByRole('status', { name: /^正在加载/ }).count(), 0);
      const words = (await ownWords(chinese)).filter((text) => /[A-Za-z]{3}/.test(text.replace(same, '')));
      if (words.length > 0) left[name] = words;
      await picture(chinese, `${name}-chinese`);
    }
    assert.deepEqual(left, {});
    await assertAccessible(chinese, 'Chinese');
  });
  await chinese.context().close();
}

// The texts of the page that are not marked as of another language, nor of a document.
function ownWords(page) {
  return page.evaluate(() => {
    const isOwn = (element) => element.closest('[lang]') === document.documentElement && !element.closest('.prose, code, textarea, datalist, title, script, style, noscript');
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (isOwn(walker.currentNode.parentElement)) texts.push(walker.currentNode.data);
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      for (const element of document.body.querySelectorAll(`[${name}]`)) if (isOwn(element)) texts.push(element.getAttribute(name));
    }
    return texts;
  });
}
