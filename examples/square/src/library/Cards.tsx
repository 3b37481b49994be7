import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { DocumentCard } from '../square/DocumentCard';
import styles from '../square/square.module.css';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { present } from '../ui/present';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';

const cardsOf = graphql(/* GraphQL */ `
  fragment Cards on DocumentConnection {
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
`);

interface Props {
  connection?: FragmentType<typeof cardsOf> | null;
  empty: string;
  error: unknown;
  onRetry: () => Promise<unknown>;
  onMore: (after: string | null | undefined) => Promise<unknown>;
}

// A list of documents that goes on page by page.
export function Cards({ connection, empty, error, onRetry, onMore }: Props) {
  const list = readFragment(cardsOf, connection);
  if (error) return <Problem error={error} onRetry={() => void onRetry()} />;
  if (!list) return <Waiting what={t.library.loading} lines={6} />;
  const documents = present(list.edges);
  if (documents.length === 0) return <Nothing title={empty} />;
  return (
    <>
      <ul className={styles.cards}>
        {documents.map((document) => <li key={document.id}><DocumentCard document={document} /></li>)}
      </ul>
      {list.pageInfo.hasNextPage && <More onMore={() => onMore(list.pageInfo.endCursor)} />}
    </>
  );
}
