// The settings of an account: profile, password, sessions, and its end.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { picture } from '../lib/browser.mjs';
import { eventually } from '../lib/eventually.mjs';
import { signIn } from './account.mjs';

export default async function settings({ check, page, browser, member }) {
  const sessions = page.getByRole('region', { name: 'Sessions' });
  const menu = (window) => window.getByRole('button', { name: /account menu/ });

  await check('the account menu opens and closes by the keyboard, and leads to the settings', async () => {
    await page.goto('/');
    await menu(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Library' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Library' }).waitFor({ state: 'hidden' });
    assert.ok(await menu(page).evaluate((button) => button === document.activeElement));
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    assert.equal(await page.title(), 'Settings – Square');
  });
  await check('a new display name and a text about oneself are on the page of the account', async () => {
    member.shown = '李写作 Writer';
    await page.getByLabel('Display name').fill(member.shown);
    await page.getByLabel('About you').fill('写后端，也写文档。\nI write about databases.');
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await menu(page).getByText(member.shown).waitFor();
    await picture(page, 'settings');
    await page.getByRole('link', { name: 'See your page' }).click();
    await page.getByRole('heading', { level: 1, name: member.shown }).waitFor();
    await page.getByText('I write about databases.').waitFor();
  });
  await check('an invalid email address is reported at its field', async () => {
    await page.goto('/settings');
    await page.getByLabel('Email').fill('nobody@nowhere@example');
    await page.locator('form', { has: page.getByLabel('Email') }).evaluate((form) => (form.noValidate = true));
    await page.getByRole('button', { name: 'Save profile' }).click();
    await page.locator('input[name=email][aria-invalid=true]').waitFor();
  });
  await check('another session is listed, and ended', async () => {
    const other = await browser.newWindow();
    await other.goto('/sign-in');
    await signIn(other, member);
    await menu(other).waitFor();
    await page.reload();
    await eventually(() => sessions.getByRole('listitem').count(), 2);
    await sessions.getByText('This session').waitFor();
    await sessions.getByRole('button', { name: /^Sign out/ }).click();
    await eventually(() => sessions.getByRole('listitem').count(), 1);
    await browser.whileCut(async () => {
      await other.goto('/settings');
      await other.waitForURL(/\/sign-in/);
    });
    await other.context().close();
  });
  await check('the password is changed by who has it', async () => {
    const fill = async (current, next) => {
      await page.getByLabel('Current password').fill(current);
      await page.getByLabel('New password').fill(next);
      await page.getByRole('button', { name: 'Change password' }).click();
    };
    const next = randomBytes(12).toString('hex');
    await fill('not-the-password', next);
    await page.getByRole('region', { name: 'Password' }).getByRole('alert').waitFor();
    await fill(member.password, next);
    await page.getByText('Password changed. 0 other sessions ended.').waitFor();
    member.password = next;
  });
  await check('an account is deleted with its password, and is gone', async () => {
    const leaver = { name: `leaver-${randomBytes(4).toString('hex')}`, password: randomBytes(12).toString('hex') };
    const other = await browser.newWindow();
    await other.goto('/sign-up?next=/settings');
    await other.getByLabel('Username').fill(leaver.name);
    await other.getByLabel('Email').fill(`${leaver.name}@example.org`);
    await other.getByLabel('Password').fill(leaver.password);
    await other.getByRole('button', { name: 'Create account' }).click();
    await other.getByRole('button', { name: 'Delete account …' }).click();
    await other.getByLabel('Your password').fill('not-the-password');
    await other.getByRole('button', { name: 'Delete my account' }).click();
    await other.getByRole('alert').waitFor();
    await picture(other, 'delete-account');
    await other.getByLabel('Your password').fill(leaver.password);
    await other.getByRole('button', { name: 'Delete my account' }).click();
    await other.getByRole('link', { name: 'Sign in' }).click();
    await signIn(other, leaver);
    await other.getByRole('alert').filter({ hasText: 'is wrong' }).waitFor();
    await other.goto(`/u/${leaver.name}`);
    await other.getByText('Author not found').waitFor();
    await other.context().close();
  });
}
