import { useMutation } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { failureOf } from '../api/failure';
import { DocumentFields } from '../editor/DocumentFields';
import { documentFields, fieldsOf } from '../editor/documentInput';
import { graphql } from '../gql';
import type { DocumentVisibility } from '../gql/graphql';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import { Field } from '../ui/Field';
import { FormFailure } from '../ui/FormFailure';
import styles from './upload.module.css';

const makeDocument = graphql(/* GraphQL */ `
  mutation MakeDocument($input: CreateDocumentInput!) {
    createDocument(input: $input) {
      document {
        id
      }
    }
  }
`);

// Creates a document from an uploaded file.
export function MakeDocument({ fileId }: { fileId: string }) {
  const [run, { error, loading }] = useMutation(makeDocument);
  const [visibility, setVisibility] = useState<DocumentVisibility>('PRIVATE');
  const failure = error && failureOf(error);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const title = String(form.get('title')).trim() || undefined;
    const { data } = await run({ variables: { input: { fileId, title, ...fieldsOf(form) } } });
    if (data) navigate(paths.document(data.createDocument.document.id));
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event).catch(() => undefined)}>
      <h2>{t.upload.create}</h2>
      <Field name="title" label={t.upload.name} hint={t.upload.nameHint} maxLength={200} failure={failure} />
      <DocumentFields failure={failure} visibility={visibility} onVisibility={setVisibility} />
      <FormFailure failure={failure} fields={['title', ...documentFields]} />
      <button type="submit" className="primary" disabled={loading}>{visibility === 'PRIVATE' ? t.publish.buttonPrivate : t.publish.button}</button>
    </form>
  );
}
