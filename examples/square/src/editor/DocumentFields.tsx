import { useState } from 'react';
import type { Failure } from '../api/failure';
import type { DocumentVisibility } from '../gql/graphql';
import { Choice } from '../ui/Choice';
import { Field } from '../ui/Field';
import type { Fields } from './documentInput';

const visibilities: Readonly<Record<DocumentVisibility, string>> = { PUBLIC: 'Public', UNLISTED: 'By link', PRIVATE: 'Private' };

// The fields of a document other than its text.
export function DocumentFields({ failure, start }: { failure?: Failure; start?: Fields | null }) {
  const [visibility, setVisibility] = useState(start?.visibility ?? 'PUBLIC');
  return (
    <>
      <Choice label="Who may see it" name="visibility" options={visibilities} value={visibility} onChange={setVisibility} />
      <Field name="category" label="Category" maxLength={64} defaultValue={start?.category ?? ''} failure={failure} />
      <Field name="tags" label="Tags" hint="Separate with commas" defaultValue={start?.tags.join(', ')} failure={failure} />
    </>
  );
}
