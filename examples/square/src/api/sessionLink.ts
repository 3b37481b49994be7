// Sends the token of the session, and ends the session when the server no longer knows it.
import { ApolloLink, CombinedGraphQLErrors } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { endSession, type Session } from '../session/session';

export function sessionLink({ token }: Session): ApolloLink {
  return ApolloLink.from([
    new ErrorLink(({ error }) => {
      if (isUnknownSession(error)) endSession(token);
    }),
    new SetContextLink(({ headers }) => ({ headers: { ...headers, authorization: `Bearer ${token}` } })),
  ]);
}

// Only an error without a path speaks of the request itself: one with a path may be about a password that was just typed.
function isUnknownSession(error: unknown): boolean {
  return CombinedGraphQLErrors.is(error) && error.errors.some(({ path, extensions }) => !path && extensions?.code === 'UNAUTHENTICATED');
}
