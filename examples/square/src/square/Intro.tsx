import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { useSession } from '../session/session';
import { Text } from '../ui/Text';
import styles from './square.module.css';

const intro = graphql(/* GraphQL */ `
  query Intro {
    siteStats {
      documents
      users
      comments
    }
    tags(first: 14) {
      name
      documents
    }
  }
`);

// What the site is, how large it is, and its most used tags. A failure leaves out the numbers and the tags.
export function Intro() {
  const session = useSession();
  const { data } = useQuery(intro, { fetchPolicy: 'cache-and-network' });
  const { documents, users, comments } = data?.siteStats ?? {};
  return (
    <header className={styles.intro}>
      <h1>{t.home.title}</h1>
      <p className={styles.lead}>{t.home.lead}</p>
      <p className={styles.size}>
        {documents !== undefined && <span>{t.counts.documents(documents)}</span>}
        {users !== undefined && <span>{t.counts.members(users)}</span>}
        {comments !== undefined && <span>{t.counts.comments(comments)}</span>}
        <Link href={session ? paths.desk() : paths.signUp()}>{session ? t.home.write : t.home.join}</Link>
      </p>
      <nav aria-label={t.home.tags}>
        <ul className={styles.popular}>
          {data?.tags.map(({ name, documents: uses }) => (
            <li key={name}>
              <Link className="chip" href={paths.square({ tag: name })} title={t.counts.documents(uses)}><Text of={name} /></Link>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}
