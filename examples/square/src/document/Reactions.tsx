import { graphql, readFragment, type FragmentType } from '../gql';
import { counted } from '../ui/count';
import styles from './document.module.css';
import { Favorite } from './Favorite';
import { Like } from './Like';

const reactions = graphql(/* GraphQL */ `
  fragment Reactions on Document {
    ...Like
    ...Favorite
    stats {
      views
      comments
    }
  }
`);

// What readers have done with the document, as it changes.
export function Reactions({ document, live }: { document: FragmentType<typeof reactions>; live: boolean }) {
  const masked = readFragment(reactions, document);
  return (
    <section className={styles.reactions} aria-label="Reactions">
      <Like document={masked} />
      <Favorite document={masked} />
      {masked.stats && (
        <p className={styles.counts}>
          <span data-stat="views">{counted(masked.stats.views, 'view')}</span>
          <span data-stat="comments">{counted(masked.stats.comments, 'comment')}</span>
          {live && <span className={styles.live}>live</span>}
        </p>
      )}
    </section>
  );
}
