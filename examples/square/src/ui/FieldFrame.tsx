import { useId, type ReactNode } from 'react';
import type { Failure } from '../api/failure';
import styles from './ui.module.css';

export interface FieldProps {
  name: string;
  label: string;
  hint?: string;
  failure?: Failure;
}

interface Control {
  id: string;
  name: string;
  'aria-invalid': boolean;
  'aria-describedby'?: string;
}

// The label of a control, and below it a hint or the error of the server about this field.
export function FieldFrame({ name, label, hint, failure, children }: FieldProps & { children: (control: Control) => ReactNode }) {
  const id = useId();
  const problem = failure?.field === name ? failure.message : undefined;
  const note = problem ?? hint;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-invalid': Boolean(problem), 'aria-describedby': note && `${id}-note` })}
      {note && <p id={`${id}-note`} className={problem ? styles.wrong : styles.hint} role={problem && 'alert'}>{note}</p>}
    </div>
  );
}
