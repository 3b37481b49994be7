import type { ComponentProps } from 'react';
import { FieldFrame, type FieldProps } from './FieldFrame';

// A labelled input.
export function Field({ name, label, hint, failure, ...input }: FieldProps & ComponentProps<'input'>) {
  return (
    <FieldFrame name={name} label={label} hint={hint} failure={failure}>
      {(control) => <input {...input} {...control} />}
    </FieldFrame>
  );
}
