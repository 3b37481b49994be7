// One session in all tabs of a browser, and not longer than its owner has chosen.
import assert from 'node:assert/strict';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';
import { signIn, signOut } from './account.mjs';

export default async function tabs({ check, member, browser }) {
  const first = await browser.newWindow();
  const context = first.context();
  const second = await browser.newTab(context);
  const signedIn = (tab) => tab.getByRole('button', { name: /account menu/ }).waitFor();
  const signedOut = (tab) => tab.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
  const kept = (tab) => tab.evaluate(() => [localStorage, sessionStorage].map((storage) => storage.getItem('square:session') !== null));

  await check('who signs in in one tab is signed in in the others, and each goes on to where it wanted to be', async () => {
    await first.goto('/sign-in?next=/library');
    await second.goto('/sign-in');
    await picture(second, 'stay-signed-in');
    await assertAccessible(second, 'sign-in');
    await signIn(second, member);
    await signedIn(second);
    await first.waitForURL(/\/library$/);
    await first.getByRole('heading', { level: 1, name: 'Library' }).waitFor();
    assert.deepEqual(await kept(second), [false, true]);
  });
  await check('a new tab is signed in at once, and asks for nothing as a guest', async () => {
    const third = await browser.newTab(context);
    const asGuest = [];
    third.on('request', (request) => request.method() === 'POST' && !request.headers().authorization && asGuest.push(request.postData()));
    await third.goto('/settings');
    await third.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    assert.deepEqual(asGuest, []);
    await third.close();
  });
  await check('who signs out in one tab is signed out in the others', async () => {
    await signOut(second);
    await signedOut(second);
    await first.waitForURL(/\/sign-in\?next=%2Flibrary$/);
    for (const tab of [first, second]) assert.deepEqual(await kept(tab), [false, false]);
  });
  await check('without a choice to stay, the session ends with the last tab', async () => {
    await signIn(first, member);
    await first.waitForURL(/\/library$/);
    await second.close();
    await first.close();
    const next = await browser.newTab(context);
    await next.goto('/');
    await signedOut(next);
    await next.close();
  });
  await check('who stays signed in is so after the last tab, until the sign-out', async () => {
    const tab = await browser.newTab(context);
    await tab.goto('/sign-in');
    await signIn(tab, member, { stays: true });
    await signedIn(tab);
    assert.deepEqual(await kept(tab), [true, false]);
    await tab.close();
    const [next, other] = [await browser.newTab(context), await browser.newTab(context)];
    for (const opened of [next, other]) {
      await opened.goto('/');
      await signedIn(opened);
    }
    await signOut(next);
    await signedOut(other);
    await eventually(() => kept(other), [false, false]);
  });
  await context.close();
}
