import { useEffect, useState } from 'react';
import { readFragment, graphql, type FragmentType } from '../gql';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { beginSession, useSession } from './session';

const newSession = graphql(/* GraphQL */ `
  fragment NewSession on SessionPayload {
    token
    user {
      id
      username
      displayName
    }
  }
`);

// Returns what signs in with an answer of the server. Once somebody is signed in, here or in another tab, the visitor goes on to
// where they wanted to be.
export function useBegin(next = paths.square()): (payload: FragmentType<typeof newSession>, stays: boolean) => void {
  const session = useSession();
  const [before] = useState(session);

  useEffect(() => {
    if (session && session !== before) navigate(isHere(next) ? next : paths.square(), { replace: true });
  }, [session, before, next]);

  return (payload, stays) => {
    const { token, user } = readFragment(newSession, payload);
    beginSession({ token, username: user.username, displayName: user.displayName, stays });
  };
}

// An address in a link must not lead to another site.
const isHere = (address: string): boolean => new URL(address, location.origin).origin === location.origin;
