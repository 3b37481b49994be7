// Opens a second window of the viewer of a page.
export async function sameMember(browser, page, options) {
  const session = await page.evaluate(() => sessionStorage.getItem('square:session'));
  const other = await browser.newWindow(options);
  await other.addInitScript((value) => sessionStorage.setItem('square:session', value), session);
  return other;
}
