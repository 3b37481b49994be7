// The place in each entry of the history, which is kept on Back, Forward and reload. The browser would look for it before the lists are there.
const storageKey = 'square:places';
const patience = 3000; // milliseconds to wait until a page is long enough

const places: Record<string, number> = JSON.parse(sessionStorage.getItem(storageKey) ?? '{}');
let restoring: AbortController | undefined;

// The name of the current entry: the state that navigate has given it, or for one made by the browser the address.
const entry = (): string => (history.state as { key?: string } | null)?.key ?? location.href;

export const newEntry = (): { key: string } => ({ key: String(performance.timeOrigin + performance.now()) });

// Begins to keep places.
export function keepPlaces(): void {
  history.scrollRestoration = 'manual';
  addEventListener('scroll', () => {
    if (!restoring) places[entry()] = scrollY;
  }, { passive: true });
  addEventListener('pagehide', () => sessionStorage.setItem(storageKey, JSON.stringify(places)));
}

// Scrolls to the place in the current entry, as soon as the page is long enough and unless the reader moves first. A new entry
// starts at the top, or where its fragment leads.
export function restorePlace(): void {
  restoring?.abort();
  restoring = undefined;
  const place = places[entry()];
  if (place === undefined && location.hash) return;
  scrollTo(0, place ?? 0);
  if (place === undefined || reached(place)) return;
  const stop = new AbortController();
  restoring = stop;
  const end = performance.now() + patience;
  const finish = () => {
    stop.abort();
    if (restoring === stop) restoring = undefined;
  };
  for (const kind of ['wheel', 'touchstart', 'keydown', 'pointerdown']) addEventListener(kind, finish, { signal: stop.signal, passive: true });
  requestAnimationFrame(function step() {
    if (stop.signal.aborted) return;
    scrollTo(0, place);
    if (reached(place) || performance.now() > end) finish();
    else requestAnimationFrame(step);
  });
}

const reached = (place: number): boolean => Math.abs(scrollY - place) < 2;
