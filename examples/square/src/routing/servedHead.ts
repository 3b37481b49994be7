// The head that server/ has written describes the address that was loaded, and no other.
import { changed } from './location';

// Takes it away as soon as the reader goes on. The titles of pages are before the one that stays.
export function dropServedHead(): void {
  const stop = new AbortController();
  const drop = () => {
    stop.abort();
    document.head.querySelectorAll('[data-served]').forEach((tag) => tag.remove());
    const titles = document.head.querySelectorAll('title');
    const own = titles.item(titles.length - 1);
    if (own) own.textContent = 'Square';
  };
  for (const kind of ['popstate', changed]) addEventListener(kind, drop, { signal: stop.signal });
}

// Whether the server has described the page that is shown.
export const isDescribed = (): boolean => document.head.querySelector('meta[data-served][name="description"]') !== null;
