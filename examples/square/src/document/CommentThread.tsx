import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { More } from '../ui/More';
import { present } from '../ui/present';
import { CommentForm } from './CommentForm';
import { CommentItem } from './CommentItem';
import styles from './document.module.css';

const commentThread = graphql(/* GraphQL */ `
  fragment CommentThread on Comment {
    id
    ...CommentItem
    replies(first: 5) {
      ...ReplyPage
    }
  }
`);

const replyPage = graphql(/* GraphQL */ `
  fragment ReplyPage on CommentConnection {
    edges {
      cursor
      node {
        id
        ...CommentItem
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
`);

const moreReplies = graphql(/* GraphQL */ `
  query MoreReplies($id: ID!, $after: String) {
    node(id: $id) {
      id
      ... on Comment {
        replies(first: 20, after: $after) {
          ...ReplyPage
        }
      }
    }
  }
`);

// A comment with the replies to it.
export function CommentThread({ documentId, comment }: { documentId: string; comment: FragmentType<typeof commentThread> }) {
  const client = useApolloClient();
  const [replying, setReplying] = useState(false);
  const thread = readFragment(commentThread, comment);
  const { edges = [], pageInfo } = readFragment(replyPage, thread.replies) ?? {};

  function more() {
    const variables = { id: thread.id, after: pageInfo?.endCursor };
    return client.query({ query: moreReplies, variables, fetchPolicy: 'network-only' });
  }

  return (
    <>
      <CommentItem comment={thread} onReply={() => setReplying(!replying)} />
      <div className={styles.replies}>
        {edges.length > 0 && (
          <ol className={styles.threads}>
            {present(edges).map((reply) => <li key={reply.id}><CommentItem comment={reply} /></li>)}
          </ol>
        )}
        {pageInfo?.hasNextPage && <More onMore={more}>{t.comments.moreReplies}</More>}
        {replying && <CommentForm documentId={documentId} parentId={thread.id} label={t.comments.yourReply} onSent={() => setReplying(false)} />}
      </div>
    </>
  );
}
