import { graphql, readFragment, type FragmentType } from '../gql';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Text } from '../ui/Text';
import { Byline } from './Byline';
import { CardCover } from './CardCover';
import styles from './square.module.css';
import { Stats } from './Stats';
import { Tags } from './Tags';

const documentCard = graphql(/* GraphQL */ `
  fragment DocumentCard on Document {
    id
    title
    summary
    ...Byline
    ...Tags
    ...Stats
    ...CardCover
  }
`);

export function DocumentCard({ document }: { document: FragmentType<typeof documentCard> }) {
  const card = readFragment(documentCard, document);
  return (
    <article className={styles.card}>
      <h2><Link href={paths.document(card.id)}><Text of={card.title} /></Link></h2>
      <Byline document={card} />
      {card.summary && <p className={styles.summary}><Text of={card.summary} /></p>}
      <footer>
        <Tags document={card} />
        <Stats document={card} />
      </footer>
      <CardCover document={card} />
    </article>
  );
}
