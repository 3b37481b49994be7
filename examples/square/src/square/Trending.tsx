import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { graphql } from '../gql';
import type { TrendingWindow } from '../gql/graphql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Choice } from '../ui/Choice';
import { Problem } from '../ui/Problem';
import { Text } from '../ui/Text';
import { Waiting } from '../ui/Waiting';
import styles from './square.module.css';

const trending = graphql(/* GraphQL */ `
  query Trending($window: TrendingWindow!) {
    trendingDocuments(first: 6, window: $window) {
      id
      title
      author {
        id
        username
        displayName
      }
    }
  }
`);

export function Trending() {
  const [window, setWindow] = useState<TrendingWindow>('DAY');
  const { data, previousData, error, refetch } = useQuery(trending, { variables: { window }, fetchPolicy: 'cache-and-network' });
  const shown = data ?? previousData;
  return (
    <section className={`${styles.panel} ${styles.hot}`} aria-labelledby="trending">
      <h2 id="trending">{t.square.trending}</h2>
      <Choice label={t.square.past} options={t.square.windows} value={window} onChange={setWindow} />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!shown && !error && <Waiting what={t.square.loadingTrending} lines={6} />}
      <ol className={styles.trending} aria-busy={!data}>
        {shown?.trendingDocuments.map(({ id, title, author }) => (
          <li key={id}>
            <Link href={paths.document(id)}><Text of={title} /></Link>
            {author && <span><Link href={paths.author(author.username)}><Text of={author.displayName} /></Link></span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
