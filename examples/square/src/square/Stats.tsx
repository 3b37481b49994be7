import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import styles from './square.module.css';

const statsOf = graphql(/* GraphQL */ `
  fragment Stats on Document {
    stats {
      views
      likes
      comments
    }
  }
`);

// How a document was received.
export function Stats({ document }: { document: FragmentType<typeof statsOf> }) {
  const { stats } = readFragment(statsOf, document);
  if (!stats) return null;
  return (
    <ul className={styles.stats} aria-label={t.counts.statistics}>
      <li>{t.counts.views(stats.views)}</li>
      <li>{t.counts.likes(stats.likes)}</li>
      <li>{t.counts.comments(stats.comments)}</li>
    </ul>
  );
}
