import { useMutation } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { failureOf, type Failure } from '../api/failure';
import { graphql, readFragment, type FragmentType } from '../gql';
import { FormFailure } from '../ui/FormFailure';
import type { Version } from './autosave';
import { DocumentFields } from './DocumentFields';
import { documentFields, documentOf, fieldsOf } from './documentInput';
import styles from './editor.module.css';

const published = graphql(/* GraphQL */ `
  fragment Publish on Document {
    visibility
    category
    tags
  }
`);

const commit = graphql(/* GraphQL */ `
  mutation Commit($input: CommitEditorSessionInput!) {
    commitEditorSession(input: $input) {
      document {
        id
      }
    }
  }
`);

interface Props {
  sessionId: string;
  document?: FragmentType<typeof published> | null;
  documentRevision?: number;
  onFlush: () => Promise<number | undefined>;
  onMoved: (document: Version) => void;
  onDone: (documentId: string) => void;
}

// Makes a document, or its next revision, of the text.
export function Publish({ sessionId, document: masked, documentRevision, onFlush, onMoved, onDone }: Props) {
  const document = readFragment(published, masked);
  const [run, { loading }] = useMutation(commit);
  const [failure, setFailure] = useState<Failure>();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = fieldsOf(new FormData(event.currentTarget));
    setFailure(undefined);
    const expectedRevision = await onFlush();
    if (expectedRevision === undefined) return; // the status says why
    try {
      const { data } = await run({ variables: { input: { sessionId, expectedRevision, documentRevision, ...fields } } });
      if (data) onDone(data.commitEditorSession.document.id);
    } catch (error) {
      const failed = failureOf(error);
      const moved = documentOf(failed);
      if (moved) onMoved(moved);
      setFailure(failed);
    }
  }

  return (
    <form className={styles.publish} onSubmit={submit}>
      <h2>{document ? 'Update document' : 'New document'}</h2>
      <DocumentFields failure={failure} start={document} />
      <FormFailure failure={failure} fields={documentFields} />
      <button type="submit" className="primary" disabled={loading}>{document ? 'Update' : 'Publish'}</button>
    </form>
  );
}
