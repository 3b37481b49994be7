// The head that a page is served with, for crawlers and for links that are shared: what is in it, and what becomes of hostile
// texts and of an API that does not answer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { pages } from '../../server/pages.mjs';
import { oneLine, withHead } from '../../server/tags.mjs';
import { run } from '../lib/api.mjs';

const built = fileURLToPath(new URL('../../dist/index.html', import.meta.url));
const hostile = `"><script>alert('标题')</script> & $& $'`;

export default async function head({ check, page, browser, member }) {
  const origin = new URL(page.url()).origin;
  const make = async (input) => (await run(page, 'MakeDocument', { input: { body: '正文 text\n', ...input } })).createDocument.document.id;
  const served = async (path) => parse(page, await (await page.request.get(path)).text());

  await check('a public document has its title, description and addresses in its head, whatever is in its texts', async () => {
    const id = await make({ title: hostile, summary: `第一行 <b>one</b>\n${'长'.repeat(400)}`, visibility: 'PUBLIC', tags: ['缓存', 'a&b'] });
    const { title, meta, canonical, feeds, scripts } = await served(`/documents/${id}/another-slug`);
    assert.equal(title, `${hostile} – Square`);
    assert.equal(scripts, 1);
    assert.equal(meta['og:title'][0], hostile);
    assert.equal(meta['og:type'][0], 'article');
    assert.equal(meta.description[0], `第一行 <b>one</b> ${'长'.repeat(284)}…`);
    assert.deepEqual(meta['og:description'], meta.description);
    assert.deepEqual(meta['article:tag'], ['缓存', 'a&b']);
    assert.match(meta['article:published_time'][0], /^\d{4}-\d\d-\d\dT/);
    assert.equal(meta.robots, undefined);
    assert.equal(canonical, meta['og:url'][0]);
    assert.ok(canonical.startsWith(`${origin}/documents/${id}/`), canonical);
    assert.deepEqual(feeds, ['/feeds/site.atom', `/feeds/authors/${member.name}.atom`]);
    for (const address of [canonical, ...feeds]) assert.equal((await page.request.get(address)).status(), 200, address);
  });
  await check('a document that a guest may not see has the head of one that is not there', async () => {
    const id = await make({ title: '秘密 Secret', summary: 'secret', visibility: 'PRIVATE' });
    const secret = await (await page.request.get(`/documents/${id}`)).text();
    assert.doesNotMatch(secret, /secret/i);
    assert.equal(secret, await (await page.request.get('/documents/none')).text());
    assert.deepEqual((await parse(page, secret)).meta.robots, ['noindex']);
    const listed = await make({ title: '凭链接 By link', visibility: 'UNLISTED' });
    const { title, meta } = await served(`/documents/${listed}`);
    assert.deepEqual([title, meta.robots], ['凭链接 By link – Square', ['noindex']]);
  });
  await check('authors, tags, searches and the home page have heads with their feeds', async () => {
    const author = await served('/u/guide');
    assert.equal(author.canonical, `${origin}/u/guide`);
    assert.deepEqual(author.meta['og:type'], ['profile']);
    assert.equal(author.feeds[1], '/feeds/authors/guide.atom');
    const tag = await served('/?tag=graphql&order=POPULARITY');
    assert.deepEqual([tag.title, tag.canonical, tag.feeds[1]], ['# graphql – Square', `${origin}/?tag=graphql`, '/feeds/tags/graphql.atom']);
    const search = await served(`/search?q=${encodeURIComponent('缓存')}`);
    assert.deepEqual([search.title, search.meta.robots, search.feeds[1]], ['缓存 – Square', ['noindex'], '/feeds/search.atom?q=%E7%BC%93%E5%AD%98']);
    const home = await served('/');
    assert.deepEqual([home.title, home.canonical, home.meta['og:site_name']], ['Square', `${origin}/`, ['Square']]);
    for (const { feeds } of [author, tag, search]) assert.equal((await page.request.get(feeds[1])).status(), 200);
    for (const path of ['/desk', '/settings', '/nowhere']) assert.deepEqual((await served(path)).meta['og:title'], undefined);
  });
  await check('the head of the first address goes when its reader goes on', async () => {
    const reader = await browser.newWindow();
    await reader.goto('/?tag=graphql');
    const tags = reader.locator('head [data-served]');
    assert.ok((await tags.count()) > 3);
    await reader.locator('main article h2 a').first().click();
    await reader.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await tags.count(), 0);
    const name = await reader.getByRole('heading', { level: 1 }).textContent();
    assert.equal(await reader.title(), `${name} – Square`);
    await reader.reload();
    await reader.locator('.prose').first().waitFor();
    assert.ok((await reader.locator('head meta[name=description]').count()) <= 1);
    await reader.context().close();
  });
  await check('without a good answer of the API in time, the page is served as it was built', async () => {
    const plain = await readFile(built, 'utf8');
    const faults = {
      silence: () => undefined,
      failure: (response) => response.writeHead(500).end('{}'),
      garbage: (response) => response.end('<html>'),
      nothing: (response) => response.end('null'),
      errors: (response) => response.end(JSON.stringify({ data: null, errors: [{ message: 'no' }] })),
      redirect: (response) => response.writeHead(302, { location: 'http://example.org/' }).end(),
      flood: (response) => {
        const more = () => response.write('x'.repeat(1 << 16), () => !response.destroyed && more());
        more();
      },
      'another shape': (response) => response.end(JSON.stringify({ data: { document: { title: 7 } } })),
    };
    for (const [name, answer] of Object.entries(faults)) {
      const api = await listen((_, response) => answer(response));
      const failures = [];
      const site = await listen(handler({ server: api.url, onFailure: (error) => void failures.push(error) }));
      const start = performance.now();
      assert.equal((await get(`${site.url}/documents/some`)).body, plain, name);
      assert.ok(performance.now() - start < 2000, `${name}: ${performance.now() - start} ms`);
      assert.equal(failures.length, 1, name);
      await Promise.all([site.close(), api.close()]);
    }
    const site = await listen(handler({ server: 'http://127.0.0.1:1' })); // nothing is there
    assert.equal((await get(`${site.url}/documents/some`)).body, plain);
    await site.close();
  });
  await check('a hostile name of a host or of a page is in no address, and HEAD and POST get no page', async () => {
    const site = await listen(handler({ server: 'http://127.0.0.1:1' }));
    const { body } = await get(`${site.url}/`, { headers: { host: `a"><script>` } });
    const { canonical, scripts } = await parse(page, body);
    assert.deepEqual([canonical, scripts], [undefined, 1]);
    const tag = await parse(page, (await get(`${site.url}/?tag=${encodeURIComponent(hostile)}`)).body);
    assert.deepEqual([tag.title, tag.scripts], [`# ${hostile} – Square`, 1]);
    assert.equal((await get(`${site.url}/documents/%E0%A4%A`)).body, 'next');
    const { body: none, headers } = await get(`${site.url}/`, { method: 'HEAD' });
    assert.deepEqual([none, headers['content-type'], headers['x-test']], ['', 'text/html; charset=utf-8', 'yes']);
    assert.equal((await get(`${site.url}/`, { method: 'POST' })).body, 'next');
    await site.close();
    assert.equal(oneLine('a\u0000\u2028b\ud800 c'.padEnd(50_000, 'd'), 8), 'a b cdd…');
    assert.equal(withHead('<title>x</title>', { title: '$&' }).split('\n')[0], '<title>$&amp; – Square</title>');
  });
}

// What a crawler reads in a page.
function parse(page, html) {
  return page.evaluate((text) => {
    const read = new DOMParser().parseFromString(text, 'text/html');
    const meta = {};
    for (const tag of read.head.querySelectorAll('meta[name], meta[property]')) {
      (meta[tag.getAttribute('name') ?? tag.getAttribute('property')] ??= []).push(tag.content);
    }
    return {
      title: read.title,
      meta,
      canonical: read.querySelector('link[rel=canonical]')?.getAttribute('href') ?? undefined,
      feeds: [...read.querySelectorAll('link[rel=alternate]')].map((link) => link.getAttribute('href')),
      scripts: read.scripts.length,
    };
  }, html);
}

const handler = (options) => {
  const serve = pages({ file: built, headers: { 'X-Test': 'yes' }, patience: 300, ...options });
  return (incoming, response) => serve(incoming, response, () => response.end('next'));
};

async function listen(answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

async function get(url, options) {
  const outgoing = request(url, options).end();
  const [response] = await once(outgoing, 'response');
  let body = '';
  for await (const part of response.setEncoding('utf8')) body += part;
  return { body, headers: response.headers };
}
