import { useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';
import { graphql } from '../gql';
import { t } from '../i18n';
import { anchorOf } from './commentLink';
import { CommentItem } from './CommentItem';
import styles from './document.module.css';

const linkedCommentQuery = graphql(/* GraphQL */ `
  query LinkedComment($id: ID!) {
    node(id: $id) {
      id
      ... on Comment {
        ...CommentItem
        parent {
          id
          ...CommentItem
        }
      }
    }
  }
`);

// Shows the comment that the address names: in its list, or above the list if that has not come so far.
export function LinkedComment({ id }: { id: string }) {
  const [listed, setListed] = useState(true);
  const { data } = useQuery(linkedCommentQuery, { variables: { id }, skip: listed });
  const section = useRef<HTMLElement>(null);
  const comment = data?.node?.__typename === 'Comment' ? data.node : undefined;

  useEffect(() => {
    const item = document.getElementById(anchorOf(id));
    setListed(Boolean(item));
    item?.scrollIntoView({ block: 'center' });
    item?.focus({ preventScroll: true });
  }, [id]);

  useEffect(() => section.current?.scrollIntoView({ block: 'center' }), [data]);

  if (listed || !data) return null;
  if (!comment) return <p role="status">{t.comments.linkedMissing}</p>;
  return (
    <section className={styles.linked} aria-label={t.comments.linked} ref={section}>
      <h3>{t.comments.linked}</h3>
      {comment.parent && <CommentItem comment={comment.parent} copy />}
      <div className={comment.parent ? styles.replies : undefined}><CommentItem comment={comment} copy /></div>
    </section>
  );
}
