import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
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
    <section className={styles.reactions} aria-label={t.document.reactions}>
      <Like document={masked} />
      <Favorite document={masked} />
      {masked.stats && (
        <p className={styles.counts}>
          <span data-stat="views">{t.counts.views(masked.stats.views)}</span>
          <span data-stat="comments">{t.counts.comments(masked.stats.comments)}</span>
          {live && <span className={styles.live}>{t.document.live}</span>}
        </p>
      )}
    </section>
  );
}
