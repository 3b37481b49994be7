import { FileLink } from '../files/FileLink';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import styles from './document.module.css';

const attachmentsOf = graphql(/* GraphQL */ `
  fragment Attachments on Document {
    visibility
    file {
      id
      ...FileLink
    }
    attachments {
      id
      ...FileLink
    }
  }
`);

// The files of a document: the one that it came from, and its attachments.
export function Attachments({ document }: { document: FragmentType<typeof attachmentsOf> }) {
  const { visibility, file, attachments } = readFragment(attachmentsOf, document);
  const files = [...(file ? [file] : []), ...(attachments ?? [])];
  if (files.length === 0) return null;
  return (
    <section className={styles.files} aria-labelledby="files">
      <h2 id="files">{t.document.files}</h2>
      <ul>
        {files.map((each) => <li key={each.id}><FileLink file={each} isPrivate={visibility === 'PRIVATE'} /></li>)}
      </ul>
    </section>
  );
}
