import { useState } from 'react';
import type { Failure } from '../api/failure';
import { t } from '../i18n';
import { Choice } from '../ui/Choice';
import { Field } from '../ui/Field';
import type { Fields } from './documentInput';

// The fields of a document other than its text.
export function DocumentFields({ failure, start }: { failure?: Failure; start?: Fields | null }) {
  const [visibility, setVisibility] = useState(start?.visibility ?? 'PUBLIC');
  return (
    <>
      <Choice label={t.publish.visibility} name="visibility" options={t.visibility} value={visibility} onChange={setVisibility} />
      <Field name="category" label={t.publish.category} maxLength={64} defaultValue={start?.category ?? ''} failure={failure} />
      <Field name="tags" label={t.publish.tags} hint={t.publish.tagsHint} defaultValue={start?.tags.join(', ')} failure={failure} />
    </>
  );
}
