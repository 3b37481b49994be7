// One WebSocket for all subscriptions, opened with the first one. It comes back by itself after a break.
import { createClient, type Client } from 'graphql-ws';
import type { Session } from '../session/session';

// onReturn is told that events may have been missed: what is shown must be read again.
export function createSocket(session: Session | undefined, onReturn: () => void): Client {
  const socket = createClient({
    url: new URL('/graphql', location.href).href.replace(/^http/, 'ws'),
    connectionParams: session && { authorization: `Bearer ${session.token}` },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: { connected: (_socket, _payload, wasRetry) => wasRetry && onReturn() },
  });
  // An operation that is named needs no text.
  const subscribe: Client['subscribe'] = (payload, sink) => {
    const named = Boolean(payload.extensions?.['persistedQuery']);
    return socket.subscribe(named ? { ...payload, query: '' } : payload, sink);
  };
  return { ...socket, subscribe };
}
