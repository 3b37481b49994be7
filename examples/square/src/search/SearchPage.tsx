import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { Problem } from '../ui/Problem';
import { Text } from '../ui/Text';
import { Waiting } from '../ui/Waiting';
import { filterOf, formatOf } from './filter';
import { Found } from './Found';
import styles from './search.module.css';
import { SearchFilters } from './SearchFilters';
import { useAuthorId } from './useAuthorId';

const search = graphql(/* GraphQL */ `
  query Search($query: String!, $filter: DocumentFilter, $after: String) {
    search(query: $query, filter: $filter, first: 10, after: $after) {
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

// What a query finds. The query and its filters are in the address.
export function SearchPage({ parameters }: { parameters: URLSearchParams }) {
  const query = parameters.get('q')?.trim() ?? '';
  const chosen = filterOf(parameters);
  const author = useAuthorId(chosen.author);
  const filter = { category: chosen.category, tag: chosen.tag, format: formatOf(chosen.format), authorId: author.id };
  const { data, error, loading, fetchMore, refetch } = useQuery(search, {
    variables: { query, filter },
    skip: !query || author.waiting || author.unknown,
  });
  const found = data?.search;
  const narrowed = Object.values(chosen).some(Boolean);
  return (
    <section className={styles.page} aria-labelledby="found" aria-busy={loading}>
      <title>{t.page.title(query || t.search.title)}</title>
      <h1 id="found">{query ? <Text of={query} /> : t.search.title}</h1>
      {!query && <p>{t.search.help}</p>}
      {query && <SearchFilters key={parameters.toString()} query={query} chosen={chosen} unknownAuthor={author.unknown} />}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!found && loading && <Waiting what={t.search.loading} lines={6} />}
      {found && <p role="status" className={styles.total}>{t.search.found(t.counts.documents(found.totalCount), found.limited)}</p>}
      {found?.didYouMean && (
        <p className={styles.instead}>{t.search.didYouMean} <Link href={paths.search(found.didYouMean, chosen)}><Text of={found.didYouMean} /></Link>{t.search.didYouMeanEnd}</p>
      )}
      {found?.totalCount === 0 && (
        <Nothing title={t.search.none}>
          {narrowed ? (
            <Link href={paths.search(query)}>{t.search.withoutAll}</Link>
          ) : (
            <>{t.search.noneHint} <code>cach*</code></>
          )}
        </Nothing>
      )}
      <ul className={styles.found}>
        {found?.edges.map((edge) => edge.node && <li key={edge.node.id}><Found edge={edge} /></li>)}
      </ul>
      {found?.pageInfo.hasNextPage && <More onMore={() => fetchMore({ variables: { after: found.pageInfo.endCursor } })} />}
    </section>
  );
}
