import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import type { DocumentFilter } from '../gql/graphql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { listPolicy } from '../routing/location';
import { paths } from '../routing/paths';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { present } from '../ui/present';
import { Problem } from '../ui/Problem';
import { Text } from '../ui/Text';
import { Waiting } from '../ui/Waiting';
import { Categories } from './Categories';
import { DocumentCard } from './DocumentCard';
import { Filters } from './Filters';
import { Intro } from './Intro';
import { orderOf } from './order';
import styles from './square.module.css';
import { Trending } from './Trending';

const square = graphql(/* GraphQL */ `
  query Square($after: String, $filter: DocumentFilter, $orderBy: DocumentOrder) {
    documents(first: 10, after: $after, filter: $filter, orderBy: $orderBy) {
      totalCount
      edges {
        cursor
        node {
          id
          ...DocumentCard
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

// The public documents, on the home page below what the site is. Filter and order are in the address, so that each view can be linked to.
export function SquarePage({ parameters }: { parameters: URLSearchParams }) {
  const [category, tag] = [parameters.get('category') ?? undefined, parameters.get('tag') ?? undefined];
  const chosen = category ?? (tag && `# ${tag}`);
  const order = orderOf(parameters.get('order'));
  const filter: DocumentFilter = { category, tag };
  const { data, previousData, loading, error, fetchMore, refetch } = useQuery(square, {
    variables: { filter, orderBy: { field: order } },
    fetchPolicy: listPolicy(),
  });
  const documents = (data ?? previousData)?.documents;
  const { hasNextPage, endCursor } = documents?.pageInfo ?? {};

  return (
    <div className={styles.page} data-home={!chosen}>
      <title>{chosen ? t.page.title(chosen) : 'Square'}</title>
      {!chosen && <Intro />}
      {!chosen && <Trending />}
      <section className={styles.list} aria-labelledby="square" aria-busy={loading}>
        <div className={styles.head}>
          {chosen ? <h1 id="square"><Text of={chosen} /></h1> : <h2 id="square">{t.home.all}</h2>}
          {documents && <p role="status">{t.counts.documents(documents.totalCount)}</p>}
        </div>
        <Filters category={category} tag={tag} order={order} />
        {error && <Problem error={error} onRetry={() => void refetch()} />}
        {!documents && loading && <Waiting what={t.square.loading} lines={8} />}
        {documents?.totalCount === 0 && (
          <Nothing title={t.square.none}><Link href={paths.square()}>{t.square.seeAll}</Link></Nothing>
        )}
        <ul className={styles.cards}>
          {present(documents?.edges ?? []).map((document) => <li key={document.id}><DocumentCard document={document} /></li>)}
        </ul>
        {hasNextPage && <More onMore={() => fetchMore({ variables: { after: endCursor } })} />}
      </section>
      <Categories chosen={category} />
      {chosen && <Trending />}
    </div>
  );
}
