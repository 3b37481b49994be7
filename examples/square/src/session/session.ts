// Who is signed in, the same in all tabs. The token is in the storage of each tab and goes with the last one, or stays in the
// storage of the browser if its owner has chosen so.
import { useSyncExternalStore } from 'react';
import { answerTabs, askTabs, markTabs, sendToTabs, unmarkTabs } from './tabs';

export interface Session {
  readonly token: string;
  readonly username: string;
  readonly displayName: string;
  readonly stays?: boolean; // after the last tab
}

const storageKey = 'square:session';
const listeners = new Set<() => void>();
let current = stored(sessionStorage) ?? stored(localStorage);

export const currentSession = (): Session | undefined => current;

// Waits until another tab has passed on its session, if there may be one.
export async function joinSession(): Promise<void> {
  answerTabs({ session: currentSession, begin: take, end: drop });
  addEventListener('storage', ({ key, newValue }) => {
    if (key === storageKey && newValue === null && current?.stays) drop(current.token); // also where a visitor has deleted it
  });
  if (current) return;
  const session = await askTabs();
  if (session && !current) take(session);
}

export function beginSession(session: Session): void {
  take(session);
  sendToTabs({ kind: 'begin', session });
}

// Keeps a new display name, as the settings have saved it.
export function renameSession(displayName: string): void {
  if (current) beginSession({ ...current, displayName });
}

// Forgets the session with this token, in all tabs. One that has begun since stays: a late answer must not end it.
export function endSession(token: string): void {
  drop(token);
  sendToTabs({ kind: 'end', token });
}

export const useSession = (): Session | undefined => useSyncExternalStore(onSession, currentSession);

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function take(session: Session): void {
  const [chosen, other] = session.stays ? [localStorage, sessionStorage] : [sessionStorage, localStorage];
  chosen.setItem(storageKey, JSON.stringify(session));
  other.removeItem(storageKey);
  if (!session.stays) markTabs();
  change(session);
}

function drop(token: string): void {
  if (current?.token !== token) return;
  for (const storage of [sessionStorage, localStorage]) storage.removeItem(storageKey);
  unmarkTabs();
  change(undefined);
}

function change(session: Session | undefined): void {
  current = session;
  for (const listener of listeners) listener();
}

function stored(storage: Storage): Session | undefined {
  try {
    return (JSON.parse(storage.getItem(storageKey) ?? 'null') as Session | null) ?? undefined;
  } catch {
    return undefined; // not of this program
  }
}
