import { graphql, readFragment, type FragmentType } from '../gql';
import { OpenEditor } from '../editor/OpenEditor';
import { t } from '../i18n';
import { CoverChooser } from './CoverChooser';
import styles from './document.module.css';
import { DocumentMenu } from './DocumentMenu';

const documentActions = graphql(/* GraphQL */ `
  fragment DocumentActions on Document {
    id
    visibility
    viewerCanEdit
    format
    ...CoverChooser
    ...DocumentMenu
  }
`);

// What its author can do with a document.
export function DocumentActions({ document }: { document: FragmentType<typeof documentActions> }) {
  const masked = readFragment(documentActions, document);
  const { id, visibility, viewerCanEdit, format } = masked;
  if (!viewerCanEdit) return null;
  const written = format === 'MD' || format === 'TXT';
  return (
    <div className={styles.actions}>
      {written && <OpenEditor input={{ documentId: id }}>{t.document.edit}</OpenEditor>}
      <DocumentMenu document={masked} />
      <span>{t.document.seenBy[visibility]}</span>
      <CoverChooser document={masked} />
    </div>
  );
}
