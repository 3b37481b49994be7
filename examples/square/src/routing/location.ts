// Where the visitor is, by the History API.
import { useMemo, useSyncExternalStore } from 'react';
import { newEntry } from './place';

export const changed = 'square:location';
let cameBack = false;

window.addEventListener('popstate', () => (cameBack = true));

export function navigate(to: string, { replace = false } = {}): void {
  cameBack = false;
  history[replace ? 'replaceState' : 'pushState'](replace ? history.state : newEntry(), '', to);
  window.dispatchEvent(new Event(changed));
}

// How a list is read: a new visit asks the server, Back and Forward show the list as it was left.
export const listPolicy = (): 'cache-first' | 'cache-and-network' => (cameBack ? 'cache-first' : 'cache-and-network');

export function useLocation(): URL {
  const href = useSyncExternalStore(subscribe, () => location.href);
  return useMemo(() => new URL(href), [href]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(changed, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(changed, listener);
  };
}
