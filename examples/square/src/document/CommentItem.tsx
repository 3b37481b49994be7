import { useMutation } from '@apollo/client/react';
import { failureOf } from '../api/failure';
import { graphql, readFragment, type FragmentType } from '../gql';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { Avatar } from '../square/Avatar';
import { languageOf } from '../ui/language';
import { Moment } from '../ui/Moment';
import { Text } from '../ui/Text';
import styles from './document.module.css';

const commentItem = graphql(/* GraphQL */ `
  fragment CommentItem on Comment {
    id
    body
    createdAt
    viewerCanDelete
    author {
      id
      username
      displayName
      ...Avatar
    }
  }
`);

const deleteComment = graphql(/* GraphQL */ `
  mutation DeleteComment($id: ID!) {
    deleteComment(input: { commentId: $id }) {
      commentId
      document {
        id
        stats {
          comments
        }
      }
    }
  }
`);

export function CommentItem({ comment, onReply }: { comment: FragmentType<typeof commentItem>; onReply?: () => void }) {
  const { id, body, createdAt, author, viewerCanDelete } = readFragment(commentItem, comment);
  const [remove, { error, loading }] = useMutation(deleteComment, {
    variables: { id },
    update: (cache) => cache.evict({ id: cache.identify({ __typename: 'Comment', id }) }),
  });
  return (
    <article className={styles.comment}>
      <p className={styles.by}>
        {author && <Link className={styles.author} href={paths.author(author.username)}><Avatar user={author} /><Text of={author.displayName} /></Link>}
        <Moment at={createdAt} />
      </p>
      <p className={styles.said} lang={languageOf(body)}>{body}</p>
      <p className={styles.by}>
        {onReply && <button type="button" className="link" onClick={onReply}>Reply</button>}
        {viewerCanDelete && (
          <button type="button" className="link" disabled={loading} onClick={() => remove().catch(() => undefined)}>Delete</button>
        )}
        {error && <span className={styles.wrong} role="alert">{failureOf(error).message}</span>}
      </p>
    </article>
  );
}
