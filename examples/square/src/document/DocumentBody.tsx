import { useMemo } from 'react';
import { graphql, readFragment, type FragmentType } from '../gql';
import { bytes } from '../ui/count';
import { languageOf } from '../ui/language';
import { Nothing } from '../ui/Nothing';
import styles from './document.module.css';
import { withoutTitle } from './withoutTitle';

const documentBody = graphql(/* GraphQL */ `
  fragment DocumentBody on Document {
    title
    bodyHtml
    file {
      id
      name
      size
      url
    }
  }
`);

// The text, as HTML that the server has sanitised, and the file that it came from.
export function DocumentBody({ document }: { document: FragmentType<typeof documentBody> }) {
  const { title, bodyHtml, file } = readFragment(documentBody, document);
  const html = useMemo(() => withoutTitle(bodyHtml ?? '', title), [bodyHtml, title]);
  return (
    <>
      {html
        ? <div className="prose" lang={languageOf(html)} dangerouslySetInnerHTML={{ __html: html }} />
        : <Nothing title="It has no text" />}
      {file?.url && (
        <p className={styles.file}>
          <a href={new URL(file.url, location.href).pathname} download={file.name}>{file.name}</a> {bytes(file.size)}
        </p>
      )}
    </>
  );
}
