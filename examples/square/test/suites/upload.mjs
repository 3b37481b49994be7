// A file on its way to a document, over a slow line that breaks.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';

const text = `# 上传的文档\n\n${`${'一行文字，and a line of text. '.repeat(60)}\n\n`.repeat(150)}`;
const file = { name: '上传.md', mimeType: 'text/markdown', buffer: Buffer.from(text) };

export default async function upload({ check, page, browser }) {
  const shown = () => page.getByRole('progressbar').evaluate((bar) => bar.value);

  await check('a file is sent, with progress, over a line that breaks, with a pause', async () => {
    await page.getByRole('link', { name: 'Upload' }).click();
    const line = await page.context().newCDPSession(page);
    await line.send('Network.enable');
    await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 250_000 });
    let breaks = 0;
    await browser.whileCut(async () => {
      await page.route('**/files/**', (route) => {
        const broken = route.request().method() === 'PATCH' && breaks++ === 0;
        return broken ? route.abort() : route.continue();
      });
      await page.locator('input[type=file]').setInputFiles(file);
      await eventually(async () => (await shown()) > 0 && (await shown()) < 1, true);
      await picture(page, 'progress');
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText(/ uploaded\.$/).waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByText('Uploaded').waitFor();
      await picture(page, 'arrived');
    });
    await line.detach();
    await page.unroute('**/files/**');
    assert.ok(breaks > 2, 'it was sent again after the break, and after the pause');
  });
  await check('the file becomes a document', async () => {
    await page.getByLabel('Title').fill('上传的文档');
    await page.getByLabel('Tags').fill('文件');
    await page.getByRole('button', { name: 'Save privately' }).click();
    await page.getByRole('heading', { level: 1, name: '上传的文档' }).waitFor();
    await page.getByRole('link', { name: '上传.md' }).waitFor();
  });
  await check('only its author gets the file of a private document back', async () => {
    const link = page.getByRole('link', { name: '上传.md' });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.equal(download.suggestedFilename(), '上传.md');
    assert.equal(await readFile(await download.path(), 'utf8'), text);
    const stranger = await page.context().request.get(await link.getAttribute('href'));
    assert.equal(stranger.status(), 404);
  });
  if (!process.env.SLOW_SERVER) await check('a PDF becomes a document with its text', async () => {
    const paper = await browser.newWindow();
    await paper.setContent('<title>On paper</title><h1>On paper</h1><p>A sentence that was printed.</p>');
    const buffer = await paper.pdf();
    await paper.context().close();
    await page.getByRole('link', { name: 'Upload' }).click();
    await page.locator('input[type=file]').setInputFiles({ name: 'paper.pdf', mimeType: 'application/pdf', buffer });
    await page.getByLabel('Title').fill('On paper');
    await page.getByRole('button', { name: 'Save privately' }).click();
    await page.getByText('A sentence that was printed.').waitFor();
    await page.getByRole('link', { name: 'paper.pdf' }).waitFor();
  });
  await check('what the server does not take is told', async () => {
    await page.getByRole('link', { name: 'Upload' }).click();
    const program = { name: 'program.txt', mimeType: 'text/plain', buffer: Buffer.from('\x7fELF\x02\x01\x01'.padEnd(4096, '\0')) };
    await browser.whileCut(async () => {
      await page.locator('input[type=file]').setInputFiles(program);
      await page.getByRole('alert').waitFor();
    });
  });
}
