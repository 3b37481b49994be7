import { useMutation } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { failureOf } from '../api/failure';
import { graphql } from '../gql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { currentSession, endSession } from '../session/session';
import { Field } from '../ui/Field';
import { FormFailure } from '../ui/FormFailure';
import styles from './settings.module.css';

const deleteAccount = graphql(/* GraphQL */ `
  mutation DeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      __typename
    }
  }
`);

// Deletes the account once the password is given again.
export function DeleteAccount() {
  const [asking, setAsking] = useState(false);
  const [run, { error, loading }] = useMutation(deleteAccount);
  const failure = error && failureOf(error);

  async function remove(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get('password'));
    const token = currentSession()?.token ?? '';
    await run({ variables: { input: { password } } });
    navigate(paths.square());
    endSession(token);
  }

  return (
    <section className={styles.part} aria-labelledby="delete">
      <h2 id="delete">{t.settings.deleteAccount}</h2>
      <p className={styles.soft}>{t.settings.deleteHint}</p>
      {!asking && <button type="button" onClick={() => setAsking(true)}>{t.settings.deleteAccount} …</button>}
      {asking && (
        <form className={styles.form} onSubmit={(event) => void remove(event).catch(() => undefined)}>
          <Field name="password" label={t.settings.confirmPassword} type="password" autoComplete="current-password" required autoFocus failure={failure} />
          <FormFailure failure={failure} fields={['password']} />
          <p className={styles.buttons}>
            <button type="submit" className="danger" disabled={loading}>{t.settings.deleteForGood}</button>
            <button type="button" onClick={() => setAsking(false)}>{t.settings.keepAccount}</button>
          </p>
        </form>
      )}
    </section>
  );
}
