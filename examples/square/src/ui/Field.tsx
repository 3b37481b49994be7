import { useId, type ComponentProps } from 'react';
import type { Failure } from '../api/failure';
import styles from './ui.module.css';

type Props = ComponentProps<'input'> & { name: string; label: string; hint?: string; failure?: Failure };

// A labelled input. An error of the server about this field stands right below it.
export function Field({ label, hint, failure, name, ...input }: Props) {
  const id = useId();
  const problem = failure?.field === name ? failure.message : undefined;
  const note = problem ?? hint;
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} name={name} aria-invalid={Boolean(problem)} aria-describedby={note && `${id}-note`} />
      {note && <p id={`${id}-note`} className={problem ? styles.wrong : styles.hint} role={problem && 'alert'}>{note}</p>}
    </div>
  );
}
