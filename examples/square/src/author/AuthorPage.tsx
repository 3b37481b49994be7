import { useQuery } from '@apollo/client/react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { listPolicy } from '../routing/location';
import { DocumentCard } from '../square/DocumentCard';
import cards from '../square/square.module.css';
import { More } from '../ui/More';
import { Nothing } from '../ui/Nothing';
import { present } from '../ui/present';
import { Problem } from '../ui/Problem';
import { Waiting } from '../ui/Waiting';
import styles from './author.module.css';
import { AuthorHead } from './AuthorHead';

const authorPage = graphql(/* GraphQL */ `
  query AuthorPage($username: String!, $after: String) {
    user(username: $username) {
      id
      displayName
      ...AuthorHead
      documents(first: 10, after: $after) {
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
  }
`);

// An account with its documents. Its own account sees the private ones too.
export function AuthorPage({ username }: { username: string }) {
  const { data, error, loading, fetchMore, refetch } = useQuery(authorPage, { variables: { username }, fetchPolicy: listPolicy() });
  const author = data?.user;
  const { edges = [], pageInfo } = author?.documents ?? {};
  return (
    <div className={styles.page}>
      <title>{t.page.title(author?.displayName ?? username)}</title>
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {!author && loading && <Waiting what={t.author.loading} lines={8} />}
      {author === null && !loading && <Nothing title={t.author.notFound}>{t.author.notFoundHint}</Nothing>}
      {author && (
        <>
          <AuthorHead user={author} />
          <section aria-labelledby="documents" aria-busy={loading}>
            <h2 id="documents">{t.author.documents}</h2>
            {edges.length === 0 && <p className={styles.none}>{t.author.noDocuments}</p>}
            <ul className={cards.cards}>
              {present(edges).map((document) => <li key={document.id}><DocumentCard document={document} /></li>)}
            </ul>
            {pageInfo?.hasNextPage && <More onMore={() => fetchMore({ variables: { after: pageInfo.endCursor } })} />}
          </section>
        </>
      )}
    </div>
  );
}
