import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { failureOf } from '../api/failure';
import { graphql } from '../gql';
import { t } from '../i18n';
import styles from './editor.module.css';

const discard = graphql(/* GraphQL */ `
  mutation Discard($id: ID!) {
    discardEditorSession(input: { sessionId: $id }) {
      session {
        id
        status
      }
    }
  }
`);

// Discards a draft after a confirmation.
export function Discard({ sessionId, onDone }: { sessionId: string; onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const [run, { error, loading }] = useMutation(discard, { variables: { id: sessionId }, onCompleted: onDone });
  if (!asking) return <button type="button" className="link" onClick={() => setAsking(true)}>{t.editor.discard}</button>;
  return (
    <div className={styles.discard} role="group" aria-label={t.editor.discard}>
      <p>{t.confirm.warning}</p>
      <button type="button" className="danger" disabled={loading} onClick={() => run().catch(() => undefined)}>{t.editor.discardForGood}</button>
      <button type="button" autoFocus onClick={() => setAsking(false)}>{t.confirm.keep}</button>
      {error && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
    </div>
  );
}
