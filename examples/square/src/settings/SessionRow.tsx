import { useMutation } from '@apollo/client/react';
import { failureOf } from '../api/failure';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Moment } from '../ui/Moment';
import { clientOf } from './clientOf';
import styles from './settings.module.css';

const sessionRow = graphql(/* GraphQL */ `
  fragment SessionRow on Session {
    id
    userAgent
    createdAt
    lastUsedAt
    current
  }
`);

const revokeSession = graphql(/* GraphQL */ `
  mutation RevokeSession($id: ID!) {
    revokeSession(input: { sessionId: $id }) {
      sessionId
      user {
        id
        ...SessionList
      }
    }
  }
`);

export function SessionRow({ session }: { session: FragmentType<typeof sessionRow> }) {
  const { id, userAgent, createdAt, lastUsedAt, current } = readFragment(sessionRow, session);
  const [run, { error, loading }] = useMutation(revokeSession, { variables: { id } });
  const client = clientOf(userAgent) || t.settings.unknownClient;
  return (
    <>
      <p>
        <strong lang="en" title={userAgent}>{client}</strong>
        <span className={styles.soft}>{t.settings.signedIn} <Moment at={createdAt} />{t.settings.lastUsed} <Moment at={lastUsedAt} /></span>
      </p>
      {current ? <span className="chip">{t.settings.current}</span> : (
        <button type="button" disabled={loading} aria-label={t.settings.revokeOf(client)} onClick={() => run().catch(() => undefined)}>{t.settings.revoke}</button>
      )}
      {error && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
    </>
  );
}
