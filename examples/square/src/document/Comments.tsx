import { useApolloClient } from '@apollo/client/react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { useLocation } from '../routing/location';
import { More } from '../ui/More';
import { present } from '../ui/present';
import { CommentForm } from './CommentForm';
import { linkedComment } from './commentLink';
import { CommentThread } from './CommentThread';
import styles from './document.module.css';
import { LinkedComment } from './LinkedComment';
import { useLiveComments } from './useLiveComments';

const commentsOf = graphql(/* GraphQL */ `
  fragment Comments on Document {
    id
    comments(first: 20) {
      ...CommentPage
    }
  }
`);

const commentPage = graphql(/* GraphQL */ `
  fragment CommentPage on CommentConnection {
    edges {
      cursor
      node {
        id
        ...CommentThread
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`);

const moreComments = graphql(/* GraphQL */ `
  query MoreComments($id: ID!, $after: String) {
    document(id: $id) {
      id
      comments(first: 20, after: $after) {
        ...CommentPage
      }
    }
  }
`);

export function Comments({ document }: { document: FragmentType<typeof commentsOf> }) {
  const client = useApolloClient();
  const { id, comments } = readFragment(commentsOf, document);
  const { edges = [], pageInfo } = readFragment(commentPage, comments) ?? {};
  const linked = linkedComment(useLocation());
  useLiveComments(id);

  function more() {
    const variables = { id, after: pageInfo?.endCursor };
    return client.query({ query: moreComments, variables, fetchPolicy: 'network-only' });
  }

  return (
    <section className={styles.comments} aria-labelledby="comments">
      <h2 id="comments">{t.comments.title}</h2>
      {linked && <LinkedComment key={linked} id={linked} />}
      {edges.length === 0 && <p className={styles.first}>{t.comments.none}</p>}
      <ol className={styles.threads} aria-live="polite" aria-relevant="additions">
        {present(edges).map((comment) => <li key={comment.id}><CommentThread documentId={id} comment={comment} /></li>)}
      </ol>
      {pageInfo?.hasNextPage && <More onMore={more}>{t.comments.more}</More>}
      <CommentForm documentId={id} label={t.comments.yours} />
    </section>
  );
}
