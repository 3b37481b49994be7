// Texts that are not saved yet, as long as the tab lives: a reload or a session that ends takes nothing away.
import type { Version } from './autosave';

const keyOf = (sessionId: string) => `square:text:${sessionId}`;

export function keep(sessionId: string, text: Version): void {
  try {
    sessionStorage.setItem(keyOf(sessionId), JSON.stringify(text));
  } catch {
    // there is no room: the server gets it all the same
  }
}

export function kept(sessionId: string): Version | undefined {
  const text = sessionStorage.getItem(keyOf(sessionId));
  return text ? (JSON.parse(text) as Version) : undefined;
}

export function forget(sessionId: string): void {
  sessionStorage.removeItem(keyOf(sessionId));
}
