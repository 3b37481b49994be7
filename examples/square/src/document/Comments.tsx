import { useQuery } from '@apollo/client/react';
import { graphql, readFragment } from '../gql';
import { t } from '../i18n';
import { useLocation } from '../routing/location';
import { Choice } from '../ui/Choice';
import { More } from '../ui/More';
import { present } from '../ui/present';
import { Problem } from '../ui/Problem';
import { CommentForm } from './CommentForm';
import { linkedComment } from './commentLink';
import { useCommentOrder } from './commentOrder';
import { CommentThread } from './CommentThread';
import styles from './document.module.css';
import { LinkedComment } from './LinkedComment';
import { useLiveComments } from './useLiveComments';

// The page of the document reads the first comments with the rest of it.
graphql(/* GraphQL */ `
  fragment Comments on Document {
    comments(first: 20, orderBy: { field: CREATED_AT, direction: $order }) {
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

const commentList = graphql(/* GraphQL */ `
  query CommentList($id: ID!, $order: OrderDirection!, $after: String) {
    document(id: $id) {
      id
      comments(first: 20, after: $after, orderBy: { field: CREATED_AT, direction: $order }) {
        ...CommentPage
      }
    }
  }
`);

export function Comments({ id }: { id: string }) {
  const [order, setOrder] = useCommentOrder();
  const { data, previousData, error, loading, fetchMore, refetch } = useQuery(commentList, { variables: { id, order } });
  const { edges = [], pageInfo } = readFragment(commentPage, (data ?? previousData)?.document?.comments) ?? {};
  const linked = linkedComment(useLocation());
  useLiveComments(id);

  return (
    <section className={styles.comments} aria-labelledby="comments" aria-busy={loading}>
      <div className={styles.commentsHead}>
        <h2 id="comments">{t.comments.title}</h2>
        {edges.length > 1 && <Choice label={t.comments.order} options={t.comments.orders} value={order} onChange={setOrder} />}
      </div>
      {linked && <LinkedComment key={linked} id={linked} />}
      <CommentForm documentId={id} label={t.comments.yours} />
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {edges.length === 0 && !loading && <p className={styles.first}>{t.comments.none}</p>}
      <ol key={order} className={styles.threads} aria-live="polite" aria-relevant="additions">
        {present(edges).map((comment) => <li key={comment.id}><CommentThread documentId={id} comment={comment} /></li>)}
      </ol>
      {pageInfo?.hasNextPage && <More onMore={() => fetchMore({ variables: { after: pageInfo.endCursor } })}>{t.comments.more}</More>}
    </section>
  );
}
