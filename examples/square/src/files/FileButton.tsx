import type { ChangeEvent } from 'react';
import styles from './files.module.css';

interface Props {
  accept?: string;
  multiple?: boolean;
  disabled?: boolean;
  onChoose: (files: readonly File[]) => void;
  children: string;
}

// A button that opens the dialog of the browser for files.
export function FileButton({ onChoose, children, ...input }: Props) {
  function choose({ target }: ChangeEvent<HTMLInputElement>) {
    const files = [...(target.files ?? [])];
    target.value = ''; // the same file can be chosen again
    if (files.length > 0) onChoose(files);
  }
  return (
    <label className={styles.button}>
      {children}
      <input {...input} type="file" onChange={choose} />
    </label>
  );
}
