import { useMutation } from '@apollo/client/react';
import type { FormEvent } from 'react';
import { failureOf } from '../api/failure';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { renameSession } from '../session/session';
import { Field } from '../ui/Field';
import { FormFailure } from '../ui/FormFailure';
import { TextArea } from '../ui/TextArea';
import styles from './settings.module.css';

const profileForm = graphql(/* GraphQL */ `
  fragment ProfileForm on User {
    id
    displayName
    bio
    email
  }
`);

const saveProfile = graphql(/* GraphQL */ `
  mutation SaveProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      user {
        displayName
        ...ProfileForm
      }
    }
  }
`);

export function ProfileForm({ viewer }: { viewer: FragmentType<typeof profileForm> }) {
  const { displayName, bio, email } = readFragment(profileForm, viewer);
  const [run, { data, error, loading }] = useMutation(saveProfile);
  const failure = error && failureOf(error);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name)).trim();
    const { data: saved } = await run({ variables: { input: { displayName: text('displayName'), bio: text('bio') || null, email: text('email') } } });
    if (saved) renameSession(saved.updateProfile.user.displayName);
  }

  return (
    <form className={styles.form} onSubmit={(event) => void save(event).catch(() => undefined)}>
      <Field name="displayName" label={t.settings.displayName} autoComplete="name" maxLength={64} required defaultValue={displayName} failure={failure} />
      <TextArea name="bio" label={t.settings.bio} hint={t.settings.bioHint} maxLength={2000} defaultValue={bio} failure={failure} />
      <Field name="email" label={t.settings.email} type="email" autoComplete="email" required defaultValue={email ?? ''} failure={failure} />
      <FormFailure failure={failure} fields={['displayName', 'bio', 'email']} />
      <button type="submit" className="primary" disabled={loading}>{t.settings.save}</button>
      <p role="status">{data && !loading && !error && t.settings.saved}</p>
    </form>
  );
}
