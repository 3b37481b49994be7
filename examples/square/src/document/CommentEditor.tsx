import { useMutation } from '@apollo/client/react';
import { useId, useState, type FormEvent } from 'react';
import { failureOf } from '../api/failure';
import { graphql } from '../gql';
import { t } from '../i18n';
import styles from './document.module.css';

const updateComment = graphql(/* GraphQL */ `
  mutation UpdateComment($input: UpdateCommentInput!) {
    updateComment(input: $input) {
      comment {
        id
        updatedAt
        ...CommentText
      }
    }
  }
`);

interface Props {
  id: string;
  start: string;
  onDone: () => void;
}

// Changes the text of a comment.
export function CommentEditor({ id, start, onDone }: Props) {
  const area = useId();
  const [body, setBody] = useState(start);
  const [run, { error, loading }] = useMutation(updateComment);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (body !== start) await run({ variables: { input: { commentId: id, body } } });
    onDone();
  }

  return (
    <form className={styles.form} onSubmit={(event) => void save(event).catch(() => undefined)} onKeyDown={({ key }) => key === 'Escape' && onDone()}>
      <label htmlFor={area}>{t.comments.editLabel}</label>
      <textarea id={area} autoFocus value={body} onChange={(event) => setBody(event.target.value)} maxLength={5000} required rows={3} />
      {error && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
      <p className={styles.buttons}>
        <button type="submit" className="primary" disabled={loading || !body.trim()}>{t.comments.save}</button>
        <button type="button" onClick={onDone}>{t.comments.cancel}</button>
      </p>
    </form>
  );
}
