import { graphql, readFragment, type FragmentType } from '../gql';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Byline } from '../square/Byline';
import { CardCover } from '../square/CardCover';
import { Stats } from '../square/Stats';
import { Tags } from '../square/Tags';
import { Text } from '../ui/Text';
import { Marked } from './Marked';
import styles from './search.module.css';

const foundEdge = graphql(/* GraphQL */ `
  fragment Found on DocumentSearchEdge {
    snippets {
      field
      html
    }
    node {
      id
      title
      ...Byline
      ...Tags
      ...Stats
      ...CardCover
    }
  }
`);

// A document that a search has found, with the places where it matches.
export function Found({ edge }: { edge: FragmentType<typeof foundEdge> }) {
  const { node, snippets } = readFragment(foundEdge, edge);
  if (!node) return null;
  const title = snippets.find(({ field }) => field === 'TITLE');
  const places = snippets.filter(({ field }) => field === 'SUMMARY' || field === 'BODY');
  return (
    <article className={styles.result}>
      <h2><Link href={paths.document(node.id)}>{title ? <Marked html={title.html} /> : <Text of={node.title} />}</Link></h2>
      <Byline document={node} />
      {places.map(({ field, html }) => <p key={field}><Marked html={html} /></p>)}
      <footer>
        <Tags document={node} />
        <Stats document={node} />
      </footer>
      <CardCover document={node} />
    </article>
  );
}
