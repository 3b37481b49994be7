import { readFragment, graphql, type FragmentType } from '../gql';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { beginSession } from './session';

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

// Signs in with what the server has answered, and goes on to where the visitor wanted to be.
export function begin(payload: FragmentType<typeof newSession>, next = paths.square()): void {
  const { token, user } = readFragment(newSession, payload);
  beginSession({ token, username: user.username, displayName: user.displayName });
  navigate(isHere(next) ? next : paths.square(), { replace: true });
}

// An address in a link must not lead to another site.
const isHere = (address: string): boolean => new URL(address, location.origin).origin === location.origin;
