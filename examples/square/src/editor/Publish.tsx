import { useMutation } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { failureOf, type Failure } from '../api/failure';
import { AttachmentChooser } from '../files/AttachmentChooser';
import { useAttachments } from '../files/useAttachments';
import { graphql, readFragment, type FragmentType } from '../gql';
import { t } from '../i18n';
import { FormFailure } from '../ui/FormFailure';
import type { Version } from './autosave';
import { DocumentFields } from './DocumentFields';
import { documentFields, documentOf, fieldsOf, type Fields } from './documentInput';
import styles from './editor.module.css';

const published = graphql(/* GraphQL */ `
  fragment Publish on Document {
    visibility
    summary
    category
    tags
    attachments {
      id
      name
      size
      contentType
    }
  }
`);

const commit = graphql(/* GraphQL */ `
  mutation Commit($input: CommitEditorSessionInput!) {
    commitEditorSession(input: $input) {
      document {
        id
        revision
      }
    }
  }
`);

const attach = graphql(/* GraphQL */ `
  mutation Attach($input: UpdateDocumentInput!) {
    updateDocument(input: $input) {
      document {
        id
      }
    }
  }
`);

interface Made { id: string; revision: number }

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
  const [runAttach, attaching] = useMutation(attach);
  const attachments = useAttachments(document?.attachments ?? []);
  const [visibility, setVisibility] = useState(document?.visibility ?? 'PRIVATE');
  const [failure, setFailure] = useState<Failure>();
  const [made, setMade] = useState<Made>(); // the document, where its attachments are still to be saved

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = fieldsOf(new FormData(event.currentTarget), document);
    setFailure(undefined);
    const attachmentIds = await attachments.settle();
    if (!attachmentIds) return; // the list shows the reason
    try {
      const saved = made ?? (await save(fields));
      if (!saved) return;
      if (attachments.changed) {
        setMade(saved);
        await runAttach({ variables: { input: { documentId: saved.id, expectedRevision: saved.revision, attachmentIds } } });
      }
      onDone(saved.id);
    } catch (error) {
      const failed = failureOf(error);
      const moved = documentOf(failed);
      if (moved) onMoved(moved);
      setFailure(failed);
    }
  }

  async function save(fields: Fields): Promise<Made | undefined> {
    const expectedRevision = await onFlush();
    if (expectedRevision === undefined) return undefined; // the status shows the reason
    const { data } = await run({ variables: { input: { sessionId, expectedRevision, documentRevision, ...fields } } });
    return data?.commitEditorSession.document;
  }

  return (
    <form className={styles.publish} onSubmit={submit}>
      <h2>{document ? t.publish.update : t.publish.create}</h2>
      <DocumentFields failure={failure} start={document} visibility={visibility} onVisibility={setVisibility} />
      <AttachmentChooser attachments={attachments} />
      <FormFailure failure={failure} fields={documentFields} />
      <button type="submit" className="primary" disabled={loading || attaching.loading}>{document ? t.publish.updateButton : visibility === 'PRIVATE' ? t.publish.buttonPrivate : t.publish.button}</button>
    </form>
  );
}
