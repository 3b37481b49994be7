import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { present } from '../ui/present';
import { Problem } from '../ui/Problem';
import { Text } from '../ui/Text';
import { Waiting } from '../ui/Waiting';
import styles from './history.module.css';
import { RevisionList } from './RevisionList';
import { RevisionView } from './RevisionView';

const history = graphql(/* GraphQL */ `
  query History($id: ID!, $after: String) {
    document(id: $id) {
      id
      title
      revision
      ...Restore
      revisions(first: 20, after: $after) {
        edges {
          cursor
          node {
            id
            number
            ...RevisionList
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

interface Props {
  id: string;
  number?: number;
}

// The revisions of a document, and what one of them changed. The number of that one is in the address; the latest by default.
export default function HistoryPage({ id, number }: Props) {
  const { data, error, loading, fetchMore, refetch } = useQuery(history, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const document = data?.document;
  const { edges, pageInfo } = document?.revisions ?? {};
  const revisions = present(edges ?? []);
  const index = number === undefined ? 0 : revisions.findIndex((revision) => revision.number === number);
  const [shown, previous] = index < 0 ? [] : revisions.slice(index, index + 2);
  const more = () => fetchMore({ variables: { after: pageInfo?.endCursor } });
  const complete = Boolean(previous) || !pageInfo?.hasNextPage;

  return (
    <div className={styles.page}>
      <title>{t.page.title(t.history.title)}</title>
      <header className={styles.head}>
        <h1>{t.history.title}</h1>
        {document && <p>{t.history.of} <Link href={paths.document(id)}><Text of={document.title} /></Link></p>}
      </header>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!document && loading && <Waiting what={t.history.loading} lines={6} />}
      {document && !edges && <Nothing title={t.history.forAuthor} />}
      {document === null && !loading && <Nothing title={t.document.notFound}>{t.document.notFoundHint}</Nothing>}
      {document && edges && (
        <>
          <nav aria-label={t.history.revisions}>
            <RevisionList documentId={id} revisions={revisions} shown={shown?.number} />
            {pageInfo?.hasNextPage && <More onMore={more} />}
          </nav>
          <section className={styles.view} aria-label={t.history.changes}>
            {shown && complete && <RevisionView key={shown.id} id={shown.id} previousId={previous?.id} document={document} />}
            {shown && !complete && <More onMore={more}>{t.history.compare}</More>}
            {!shown && <Nothing title={t.history.notLoaded} />}
          </section>
        </>
      )}
    </div>
  );
}
