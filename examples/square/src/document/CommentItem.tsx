import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { failureOf } from '../api/failure';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { useLocation } from '../routing/location';
import { paths } from '../routing/paths';
import { useSession } from '../session/session';
import { Avatar } from '../square/Avatar';
import { Confirm } from '../ui/Confirm';
import { Moment } from '../ui/Moment';
import { Text } from '../ui/Text';
import { CommentEditor } from './CommentEditor';
import { anchorOf, linkedComment } from './commentLink';
import { CommentText } from './CommentText';
import styles from './document.module.css';

const commentItem = graphql(/* GraphQL */ `
  fragment CommentItem on Comment {
    id
    body
    createdAt
    updatedAt
    viewerCanDelete
    author {
      id
      username
      displayName
      ...Avatar
    }
    ...CommentText
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

// The server takes the time twice for a new comment, moments apart.
const isEdited = (createdAt: string, updatedAt: string): boolean => Date.parse(updatedAt) - Date.parse(createdAt) > 1000;

interface Props {
  comment: FragmentType<typeof commentItem>;
  copy?: boolean; // shown outside the list, which has the anchor
  onReply?: () => void;
}

export function CommentItem({ comment, copy = false, onReply }: Props) {
  const item = readFragment(commentItem, comment);
  const { id, body, createdAt, updatedAt, author, viewerCanDelete } = item;
  const session = useSession();
  const linked = linkedComment(useLocation()) === id;
  const [editing, setEditing] = useState(false);
  const [remove, { error }] = useMutation(deleteComment, {
    variables: { id },
    update: (cache) => cache.evict({ id: cache.identify({ __typename: 'Comment', id }) }),
  });
  const own = author !== null && author?.username === session?.username;
  return (
    <article id={copy ? undefined : anchorOf(id)} className={styles.comment} data-linked={linked} tabIndex={-1}>
      <p className={styles.by}>
        {author && <Link className={styles.author} href={paths.author(author.username)}><Avatar user={author} /><Text of={author.displayName} /></Link>}
        <a href={`#${anchorOf(id)}`} title={t.comments.link}><Moment at={createdAt} /></a>
        {isEdited(createdAt, updatedAt) && <span>{t.comments.edited}</span>}
      </p>
      {editing ? (
        <CommentEditor id={id} start={body} onDone={() => setEditing(false)} />
      ) : (
        <>
          <CommentText comment={item} />
          <div className={styles.by}>
            {onReply && <button type="button" className="link" onClick={onReply}>{t.comments.reply}</button>}
            {own && <button type="button" className="link" onClick={() => setEditing(true)}>{t.comments.edit}</button>}
            {viewerCanDelete && <Confirm action={t.comments.delete} of={t.comments.one} onConfirm={() => remove()} />}
            {error && <span className={styles.wrong} role="alert">{failureOf(error).message}</span>}
          </div>
        </>
      )}
    </article>
  );
}
