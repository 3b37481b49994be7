// Passes a session on between the tabs of a browser. A session that does not stay is nowhere but in the tabs themselves.
import type { Session } from './session';

type Message =
  | { readonly kind: 'ask' }
  | { readonly kind: 'answer' | 'begin'; readonly session: Session }
  | { readonly kind: 'end'; readonly token: string };

interface Tab {
  session(): Session | undefined;
  begin(session: Session): void;
  end(token: string): void;
}

const channel = new BroadcastChannel('square:session');
const patience = 250; // milliseconds for another tab to answer

// In the storage of the browser while a tab may have a session. It is no secret.
const markKey = 'square:session-in-tabs';

export const markTabs = (): void => localStorage.setItem(markKey, 'yes');
export const unmarkTabs = (): void => localStorage.removeItem(markKey);

export const sendToTabs = (message: Message): void => channel.postMessage(message);

// Listens to the other tabs, and answers those that ask.
export function answerTabs(tab: Tab): void {
  channel.addEventListener('message', ({ data: message }: MessageEvent<Message>) => {
    switch (message.kind) {
      case 'ask': {
        const session = tab.session();
        if (session) sendToTabs({ kind: 'answer', session });
        return;
      }
      case 'begin': return tab.begin(message.session);
      case 'end': return tab.end(message.token);
    }
  });
}

// Resolves to the session of another tab; at once to undefined if none can have one.
export function askTabs(): Promise<Session | undefined> {
  if (!localStorage.getItem(markKey)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const stop = new AbortController();
    const finish = (session?: Session) => {
      stop.abort();
      clearTimeout(timer);
      if (!session) unmarkTabs(); // the last tab was closed
      resolve(session);
    };
    const timer = setTimeout(finish, patience);
    channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'answer' || data.kind === 'begin') finish(data.session);
    }, { signal: stop.signal });
    sendToTabs({ kind: 'ask' });
  });
}
