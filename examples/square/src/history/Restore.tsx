import { useMutation } from '@apollo/client/react';
import { failureOf } from '../api/failure';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import styles from './history.module.css';

const restorable = graphql(/* GraphQL */ `
  fragment Restore on Document {
    id
    revision
    format
    viewerCanEdit
  }
`);

export type RestorableDocument = typeof restorable;

const restore = graphql(/* GraphQL */ `
  mutation Restore($input: UpdateDocumentInput!) {
    updateDocument(input: $input) {
      document {
        id
        title
        summary
        ...Restore
      }
    }
  }
`);

interface Props {
  revision: { number: number; title: string; summary: string; body: string };
  document: FragmentType<RestorableDocument>;
}

// Makes the text of an earlier revision the next revision. Texts of PDF and DOCX files cannot be written.
export function Restore({ revision: { number, title, summary, body }, document: masked }: Props) {
  const document = readFragment(restorable, masked);
  const [run, { error, loading }] = useMutation(restore);
  const written = document.format === 'MD' || document.format === 'TXT';
  if (number === document.revision) return <span className="chip">{t.history.current}</span>;
  if (!document.viewerCanEdit || !written) return null;

  async function take() {
    await run({ variables: { input: { documentId: document.id, expectedRevision: document.revision, title, summary, body } } });
    navigate(paths.document(document.id));
  }

  return (
    <>
      <button type="button" disabled={loading} onClick={() => void take().catch(() => undefined)}>{t.history.restore}</button>
      {error && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
    </>
  );
}
