// The client for the current session.
import type { ApolloClient } from '@apollo/client';
import { useSyncExternalStore } from 'react';
import { currentSession, onSession } from '../session/session';
import { createApi } from './client';

let token = currentSession()?.token;
let current = createApi(currentSession());

onSession(() => {
  if (currentSession()?.token === token) return; // only the name has changed
  token = currentSession()?.token;
  current.dispose();
  current = createApi(currentSession());
});

export const useCurrentClient = (): ApolloClient => useSyncExternalStore(onSession, () => current.client);
