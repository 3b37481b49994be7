// Who is signed in. It lives as long as the browser tab: another one asks again.
import { useSyncExternalStore } from 'react';

export interface Session {
  readonly token: string;
  readonly username: string;
  readonly displayName: string;
}

const storageKey = 'square:session';
const listeners = new Set<() => void>();
let current = stored();

export const currentSession = (): Session | undefined => current;

export function beginSession(session: Session): void {
  sessionStorage.setItem(storageKey, JSON.stringify(session));
  change(session);
}

// Keeps a new display name, as the settings have saved it.
export function renameSession(displayName: string): void {
  if (current) beginSession({ ...current, displayName });
}

// Forgets the session with this token. One that has begun since stays: a late answer must not end it.
export function endSession(token: string): void {
  if (current?.token !== token) return;
  sessionStorage.removeItem(storageKey);
  change(undefined);
}

export const useSession = (): Session | undefined => useSyncExternalStore(onSession, currentSession);

function change(session: Session | undefined): void {
  current = session;
  for (const listener of listeners) listener();
}

export function onSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function stored(): Session | undefined {
  const text = sessionStorage.getItem(storageKey);
  return text ? (JSON.parse(text) as Session) : undefined;
}
