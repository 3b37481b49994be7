import { Picture } from '../files/Picture';
import { graphql, readFragment, type FragmentType } from '../gql';
import styles from './document.module.css';

const documentCover = graphql(/* GraphQL */ `
  fragment DocumentCover on Document {
    visibility
    cover {
      id
      url(width: W1280)
    }
  }
`);

export function DocumentCover({ document }: { document: FragmentType<typeof documentCover> }) {
  const { visibility, cover } = readFragment(documentCover, document);
  if (!cover?.url) return null;
  return <Picture className={styles.cover} url={cover.url} isPrivate={visibility === 'PRIVATE'} alt="" width={1280} height={640} />;
}
