import { useMemo } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { languageOf } from '../ui/language';
import styles from './document.module.css';
import { prepareHtml } from './prepareHtml';
import { pressCopy, pressLink } from './pressed';

const commentText = graphql(/* GraphQL */ `
  fragment CommentText on Comment {
    body
    bodyHtml
  }
`);

// The text of a comment, as HTML that the server has sanitised.
export function CommentText({ comment }: { comment: FragmentType<typeof commentText> }) {
  const { body, bodyHtml } = readFragment(commentText, comment);
  const copy = t.copy.code;
  const content = useMemo(() => ({ __html: prepareHtml(bodyHtml ?? '', { title: '', copy, isPrivate: false }) }), [bodyHtml, copy]);
  if (!content.__html) return <p className={styles.said} lang={languageOf(body)}>{body}</p>;
  return (
    <>
      <link rel="stylesheet" href="/markdown.css" precedence="text" />
      <div
        className={`prose ${styles.rendered}`}
        lang={languageOf(body)}
        onClick={(event) => pressCopy(event) || pressLink(event)}
        dangerouslySetInnerHTML={content}
      />
    </>
  );
}
