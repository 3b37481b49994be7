// The HTML of a text as the page shows it.
import { blank } from '../files/fetchFile';

interface Options {
  title: string;
  copy: string; // the text of the buttons that copy code
  isPrivate: boolean;
}

// The address of a picture that the server makes smaller.
const picture = /^\/files\/[^/]+$/;
const width = 'w1280';

// Takes away a first heading that only repeats the title, which the page shows above it. Code gets a button that copies it. Code and tables,
// which may be wider than the column, can be scrolled by the keyboard. Pictures are no wider than the column needs. Those of a private text
// are blank and have their address in data-file, to be fetched with the token.
export function prepareHtml(html: string, { title, copy, isPrivate }: Options): string {
  const template = document.createElement('template');
  template.innerHTML = html;
  const first = template.content.firstElementChild;
  if (first?.nodeName === 'H1' && first.textContent?.trim() === title) first.remove();
  for (const image of template.content.querySelectorAll('img')) prepareImage(image, isPrivate);
  for (const code of template.content.querySelectorAll('pre')) addCopyButton(code, copy);
  for (const wide of template.content.querySelectorAll<HTMLElement>('pre, table')) wide.tabIndex = 0;
  return template.innerHTML;
}

function addCopyButton(code: HTMLElement, text: string): void {
  const frame = document.createElement('div');
  frame.className = 'code';
  code.replaceWith(frame);
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  button.dataset['copy'] = '';
  frame.append(code, button);
}

function prepareImage(image: HTMLImageElement, isPrivate: boolean): void {
  const url = URL.parse(image.getAttribute('src') ?? '', location.href);
  if (!url?.pathname.startsWith('/files/')) return;
  const path = picture.test(url.pathname) ? `${url.pathname}/${width}` : url.pathname;
  if (isPrivate) image.src = blank;
  image.setAttribute(isPrivate ? 'data-file' : 'src', path);
}
