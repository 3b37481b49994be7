import { useMutation } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { endSession, type Session } from './session';

const signOut = graphql(/* GraphQL */ `
  mutation SignOut {
    logout {
      loggedOut
    }
  }
`);

// Signs out on the server if it can be reached, and here in any case.
export function SignOut({ session }: { session: Session }) {
  const [run, { loading }] = useMutation(signOut);

  async function leave() {
    await run().catch(() => undefined);
    navigate(paths.square());
    endSession(session.token);
  }

  return <button type="button" data-apart="true" onClick={leave} disabled={loading}>{t.signing.out}</button>;
}
