import { useMutation } from '@apollo/client/react';
import type { FormEvent } from 'react';
import { failureOf } from '../api/failure';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Field } from '../ui/Field';
import { FormFailure } from '../ui/FormFailure';
import styles from './settings.module.css';

const changePassword = graphql(/* GraphQL */ `
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      revokedSessions
      user {
        id
        ...SessionList
      }
    }
  }
`);

// Changes the password, which ends all other sessions.
export function PasswordForm({ username }: { username: string }) {
  const [run, { data, error, loading }] = useMutation(changePassword);
  const failure = error && failureOf(error);

  async function change(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const values = new FormData(form);
    const text = (name: string) => String(values.get(name));
    await run({ variables: { input: { currentPassword: text('currentPassword'), newPassword: text('newPassword') } } });
    form.reset();
  }

  return (
    <section className={styles.part} aria-labelledby="password">
      <h2 id="password">{t.settings.password}</h2>
      <form className={styles.form} onSubmit={(event) => void change(event).catch(() => undefined)}>
        <input type="hidden" name="username" autoComplete="username" value={username} readOnly />
        <Field name="currentPassword" label={t.settings.currentPassword} type="password" autoComplete="current-password" required failure={failure} />
        <Field name="newPassword" label={t.settings.newPassword} hint={t.settings.newPasswordHint} type="password" autoComplete="new-password" required failure={failure} />
        <FormFailure failure={failure} fields={['currentPassword', 'newPassword']} />
        <button type="submit" disabled={loading}>{t.settings.changePassword}</button>
        <p role="status">{data && !loading && !error && t.settings.passwordChanged(data.changePassword.revokedSessions)}</p>
      </form>
    </section>
  );
}
