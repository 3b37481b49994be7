import { Picture } from '../files/Picture';
import { graphql, readFragment, type FragmentType } from '../gql';
import styles from './square.module.css';

const cardCover = graphql(/* GraphQL */ `
  fragment CardCover on Document {
    visibility
    cover {
      id
      url(width: W640)
    }
  }
`);

// The cover of a document in a list. It is decoration: the title stands next to it.
export function CardCover({ document }: { document: FragmentType<typeof cardCover> }) {
  const { visibility, cover } = readFragment(cardCover, document);
  if (!cover?.url) return null;
  return (
    <Picture className={styles.cover} url={cover.url} isPrivate={visibility === 'PRIVATE'} alt="" width={192} height={128} loading="lazy" />
  );
}
