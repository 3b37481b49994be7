import { graphql, readFragment, type FragmentType } from '../gql';
import { counted } from '../ui/count';
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
    <ul className={styles.stats} aria-label="Statistics">
      <li>{counted(stats.views, 'view')}</li>
      <li>{counted(stats.likes, 'like')}</li>
      <li>{counted(stats.comments, 'comment')}</li>
    </ul>
  );
}
