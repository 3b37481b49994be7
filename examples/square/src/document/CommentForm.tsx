import { useMutation } from '@apollo/client/react';
import { useId, useState, type FormEvent } from 'react';
import { failureOf } from '../api/failure';
import { graphql } from '../gql';
import { t } from '../i18n';
import { Link } from '../routing/Link';
import { paths } from '../routing/paths';
import { useSession } from '../session/session';
import { anchorOf } from './commentLink';
import styles from './document.module.css';
import { insertComment } from './insertComment';

const addComment = graphql(/* GraphQL */ `
  mutation AddComment($input: AddCommentInput!) {
    addComment(input: $input) {
      comment {
        id
        ...NewComment
      }
      document {
        id
        stats {
          comments
        }
      }
    }
  }
`);

interface Props {
  documentId: string;
  parentId?: string;
  label: string;
  onSent?: () => void;
}

export function CommentForm({ documentId, parentId, label, onSent }: Props) {
  const id = useId();
  const session = useSession();
  const [body, setBody] = useState('');
  const [run, { error, loading }] = useMutation(addComment, {
    update: (cache, { data }) => data && insertComment(cache, documentId, data.addComment.comment),
  });
  if (!session) return <p><Link href={paths.signIn(location.pathname)}>{t.comments.signIn}</Link></p>;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const { data } = await run({ variables: { input: { documentId, parentId, body } } }).catch(() => ({ data: undefined }));
    if (!data) return; // the error is shown, and the text stays
    setBody('');
    onSent?.();
    const anchor = anchorOf(data.addComment.comment.id);
    requestAnimationFrame(() => document.getElementById(anchor)?.scrollIntoView({ block: 'nearest' }));
  }

  return (
    <form className={styles.form} onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <textarea id={id} value={body} onChange={(event) => setBody(event.target.value)} maxLength={5000} required rows={3} />
      {error && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
      <button type="submit" className="primary" disabled={loading || !body.trim()}>{t.comments.send}</button>
    </form>
  );
}
