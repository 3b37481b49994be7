import type { Failure } from '../api/failure';
import type { DocumentVisibility } from '../gql/graphql';
import { t } from '../i18n';
import { Choice } from '../ui/Choice';
import { Field } from '../ui/Field';
import { TextArea } from '../ui/TextArea';
import type { Fields } from './documentInput';

interface Props {
  failure?: Failure;
  start?: Fields | null;
  visibility: DocumentVisibility;
  onVisibility: (visibility: DocumentVisibility) => void;
}

// The fields of a document other than its text.
export function DocumentFields({ failure, start, visibility, onVisibility }: Props) {
  return (
    <>
      <Choice label={t.publish.visibility} name="visibility" options={t.visibility} value={visibility} onChange={onVisibility} />
      <TextArea name="summary" label={t.publish.summary} hint={t.publish.summaryHint} maxLength={1000} rows={2} defaultValue={start?.summary ?? ''} failure={failure} />
      <Field name="category" label={t.publish.category} maxLength={64} defaultValue={start?.category ?? ''} failure={failure} />
      <Field name="tags" label={t.publish.tags} hint={t.publish.tagsHint} defaultValue={start?.tags.join(', ')} failure={failure} />
    </>
  );
}
