import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';
import { AvatarChooser } from './AvatarChooser';
import { DeleteAccount } from './DeleteAccount';
import { PasswordForm } from './PasswordForm';
import { ProfileForm } from './ProfileForm';
import { SessionList } from './SessionList';
import styles from './settings.module.css';

const settings = graphql(/* GraphQL */ `
  query Settings {
    viewer {
      id
      username
      ...AvatarChooser
      ...ProfileForm
      ...SessionList
    }
  }
`);

// What the viewer can change about the account.
export default function SettingsPage() {
  const { data, error, loading, refetch } = useQuery(settings, { fetchPolicy: 'network-only' });
  const viewer = data?.viewer;
  return (
    <div className={styles.page}>
      <title>{t.page.title(t.settings.title)}</title>
      <header>
        <h1>{t.settings.title}</h1>
        {viewer && <p><Link href={paths.author(viewer.username)}>{t.settings.seePage}</Link></p>}
      </header>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!viewer && loading && <Waiting what={t.settings.loading} lines={8} />}
      {viewer && (
        <>
          <section className={styles.part} aria-labelledby="profile">
            <h2 id="profile">{t.settings.profile}</h2>
            <AvatarChooser viewer={viewer} />
            <ProfileForm viewer={viewer} />
          </section>
          <PasswordForm username={viewer.username} />
          <SessionList viewer={viewer} />
          <DeleteAccount />
        </>
      )}
    </div>
  );
}
