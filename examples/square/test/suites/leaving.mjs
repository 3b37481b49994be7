// The end of a session: by the viewer, and by the server.
import { signIn, signOut } from './account.mjs';

export default async function leaving({ check, page, member, browser }) {
  await check('a session that the server does not know leads to the sign-in, and back', async () => {
    await page.goto('/desk');
    await page.getByRole('heading', { name: 'My documents' }).waitFor();
    await browser.whileCut(async () => {
      await page.evaluate(() => {
        const session = JSON.parse(sessionStorage.getItem('square:session'));
        sessionStorage.setItem('square:session', JSON.stringify({ ...session, token: 'unknown' }));
      });
      await page.reload();
      await page.waitForURL(/\/sign-in\?next=%2Fdesk/);
      await signIn(page, member);
    });
    await page.getByRole('heading', { name: 'My documents' }).waitFor();
  });
  await check('sign out', async () => {
    await signOut(page);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    if (await page.evaluate(() => sessionStorage.getItem('square:session'))) throw new Error('the token is still there');
  });
}
