import type { ComponentProps } from 'react';
import { FieldFrame, type FieldProps } from './FieldFrame';

// A labelled text of several lines.
export function TextArea({ name, label, hint, failure, ...area }: FieldProps & ComponentProps<'textarea'>) {
  return (
    <FieldFrame name={name} label={label} hint={hint} failure={failure}>
      {(control) => <textarea rows={3} {...area} {...control} />}
    </FieldFrame>
  );
}
