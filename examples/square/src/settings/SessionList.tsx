import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { SessionRow } from './SessionRow';
import styles from './settings.module.css';

const sessionList = graphql(/* GraphQL */ `
  fragment SessionList on User {
    id
    sessions {
      id
      ...SessionRow
    }
  }
`);

// The clients that are signed in.
export function SessionList({ viewer }: { viewer: FragmentType<typeof sessionList> }) {
  const { sessions } = readFragment(sessionList, viewer);
  return (
    <section className={styles.part} aria-labelledby="sessions">
      <h2 id="sessions">{t.settings.sessions}</h2>
      <ul className={styles.sessions}>
        {sessions?.map((session) => <li key={session.id}><SessionRow session={session} /></li>)}
      </ul>
    </section>
  );
}
