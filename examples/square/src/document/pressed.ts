// What a press in a text does. Each function returns whether the press was meant for it.
import type { MouseEvent } from 'react';
import { download } from '../files/fetchFile';
import { t } from '../i18n';
import { navigate } from '../routing/location';

// Copies the code before a button. For two seconds the button shows whether that has worked.
export function pressCopy({ target }: MouseEvent): boolean {
  const button = (target as Element).closest<HTMLButtonElement>('button[data-copy]');
  if (button) void copyCode(button);
  return button !== null;
}

async function copyCode(button: HTMLButtonElement): Promise<void> {
  const code = button.previousElementSibling?.textContent ?? '';
  button.textContent = await navigator.clipboard.writeText(code).then(() => t.copy.copied, () => t.copy.failed);
  setTimeout(() => (button.textContent = t.copy.code), 2000);
}

// Downloads a file with the token.
export function pressFile(event: MouseEvent): boolean {
  const link = (event.target as Element).closest('a');
  if (link?.origin !== location.origin || !link.pathname.startsWith('/files/')) return false;
  event.preventDefault();
  download(link.pathname, link.textContent?.trim() || 'file').catch(() => undefined);
  return true;
}

// Opens another document in this page.
export function pressLink(event: MouseEvent): boolean {
  const link = (event.target as Element).closest('a');
  const other = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || other || link.origin !== location.origin) return false;
  if (!link.pathname.startsWith('/documents/') || link.pathname === location.pathname) return false;
  event.preventDefault();
  navigate(link.pathname + link.search + link.hash);
  return true;
}
