// Opening an account, and signing in.
import { randomBytes } from 'node:crypto';

export default async function account({ check, page, member }) {
  const name = `reader-${randomBytes(4).toString('hex')}`;
  Object.assign(member, { name, password: randomBytes(12).toString('hex'), shown: '李读者 Reader' });

  await check('a bad registration is told at the field', async () => {
    await page.goto('/sign-up');
    await page.getByLabel('Username').fill(name);
    await page.getByLabel('Display name (optional)').fill(member.shown);
    await page.getByLabel('Email').fill(`${name}@example.org`);
    await page.getByLabel('Password').fill('short');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.locator('#root input[name=password][aria-invalid=true]').waitFor();
    await page.getByRole('alert').filter({ hasText: '8 to 256' }).waitFor();
  });
  await check('sign up', async () => {
    await page.getByLabel('Password').fill(member.password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText(member.shown).waitFor();
  });
  await check('sign out, and fail to sign in with a wrong password', async () => {
    await signOut(page);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, { ...member, password: 'wrong-password' });
    await page.getByRole('alert').filter({ hasText: 'is wrong' }).waitFor();
  });
  await check('sign in, and still be signed in after a reload', async () => {
    await signIn(page, member);
    await page.getByText(member.shown).waitFor();
    await page.reload();
    await page.getByText(member.shown).waitFor();
  });
}

export async function signOut(page) {
  await page.getByRole('button', { name: /account menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
}

export async function signIn(page, { name, password }, { stays = false } = {}) {
  await page.getByLabel('Username or email').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByLabel('Stay signed in').setChecked(stays);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
}
