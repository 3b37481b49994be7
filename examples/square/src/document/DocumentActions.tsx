import { graphql, readFragment, type FragmentType } from '../gql';
import type { DocumentVisibility } from '../gql/graphql';
import { OpenEditor } from '../editor/OpenEditor';
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

const kept: Readonly<Record<DocumentVisibility, string>> = {
  PUBLIC: 'Everybody sees it',
  UNLISTED: 'Everybody who has the address sees it',
  PRIVATE: 'Only you see it',
};

// What its author can do with a document.
export function DocumentActions({ document }: { document: FragmentType<typeof documentActions> }) {
  const masked = readFragment(documentActions, document);
  const { id, visibility, viewerCanEdit, format } = masked;
  if (!viewerCanEdit) return null;
  const written = format === 'MD' || format === 'TXT';
  return (
    <div className={styles.actions}>
      {written && <OpenEditor input={{ documentId: id }}>Edit</OpenEditor>}
      <DocumentMenu document={masked} />
      <span>{kept[visibility]}</span>
      <CoverChooser document={masked} />
    </div>
  );
}
