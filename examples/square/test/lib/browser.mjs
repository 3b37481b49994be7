// A headless Chromium, whose windows note what no page of ours may do.
import { access, constants, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

async function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const directory of process.env.PATH.split(delimiter)) {
    for (const name of names) {
      const path = join(directory, name);
      if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
    }
  }
  throw new Error(`there is no ${names.join(', ')} on PATH: set CHROMIUM`);
}

export async function openBrowser(origin) {
  const browser = await chromium.launch({ executablePath: await executable(), args: ['--no-sandbox'] });
  const offences = []; // console errors, errors of scripts, requests to other hosts
  let cut = false; // while the network is cut, requests fail, and the browser says so

  async function newWindow(options = {}) {
    const context = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 900 }, locale: 'en', ...options });
    context.setDefaultTimeout(10_000);
    return newTab(context);
  }

  async function newTab(context) {
    const page = await context.newPage();
    page.on('pageerror', (error) => offences.push(`an error in ${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      const expected = cut && /Failed to load resource|WebSocket connection/.test(message.text());
      if (message.type() === 'error' && !expected) offences.push(`on the console of ${page.url()}: ${message.text()}`);
    });
    for (const kind of ['request', 'websocket']) {
      page.on(kind, (target) => {
        const url = new URL(target.url());
        if (url.host !== new URL(origin).host && !['data:', 'blob:'].includes(url.protocol)) offences.push(`${kind} to ${url.href}`);
      });
    }
    return page;
  }

  return {
    newWindow,
    newTab, // in the browser of another window
    offences,
    close: () => browser.close(),
    // Runs something during which requests may fail.
    async whileCut(run) {
      cut = true;
      await run();
      cut = false;
    },
  };
}

// Keeps a picture of the page in the directory SCREENSHOTS, if that is set.
export async function picture(page, name) {
  const directory = process.env.SCREENSHOTS;
  if (!directory) return;
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
