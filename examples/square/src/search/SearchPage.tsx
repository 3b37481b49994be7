import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { counted } from '../ui/count';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { Problem } from '../ui/Problem';
import { Text } from '../ui/Text';
import { Waiting } from '../ui/Waiting';
import { Found } from './Found';
import styles from './search.module.css';

const search = graphql(/* GraphQL */ `
  query Search($query: String!, $after: String) {
    search(query: $query, first: 10, after: $after) {
      totalCount
      limited
      didYouMean
      edges {
        cursor
        node {
          id
        }
        ...Found
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export function SearchPage({ query }: { query: string }) {
  const { data, error, loading, fetchMore, refetch } = useQuery(search, { variables: { query }, skip: !query });
  const found = data?.search;
  return (
    <section className={styles.page} aria-labelledby="found" aria-busy={loading}>
      <title>{query ? `${query} – Square` : 'Search – Square'}</title>
      <h1 id="found">{query ? <Text of={query} /> : 'Search'}</h1>
      {!query && <p>Enter a search term. Put a phrase in quotes; <code>-word</code> excludes a word.</p>}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!found && loading && <Waiting what="results" lines={6} />}
      {found && <p role="status" className={styles.total}>{found.limited && 'More than '}{counted(found.totalCount, 'document')}</p>}
      {found?.didYouMean && (
        <p className={styles.instead}>Did you mean <Link href={paths.search(found.didYouMean)}><Text of={found.didYouMean} /></Link>?</p>
      )}
      {found?.totalCount === 0 && (
        <Nothing title="No results">Try fewer words, or the beginning of a word with a star: <code>cach*</code></Nothing>
      )}
      <ul className={styles.found}>
        {found?.edges.map((edge) => edge.node && <li key={edge.node.id}><Found edge={edge} /></li>)}
      </ul>
      {found?.pageInfo.hasNextPage && <More onMore={() => fetchMore({ variables: { after: found.pageInfo.endCursor } })} />}
    </section>
  );
}
