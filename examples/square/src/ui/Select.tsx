import { useId } from 'react';
import styles from './ui.module.css';

interface Props {
  name: string;
  label: string;
  options: readonly string[];
  start?: string;
  any: string; // the text of no choice
  text?: (option: string) => string;
}

// A labelled list to choose one value from, or none.
export function Select({ name, label, options, start = '', any, text = String }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select key={options.length} id={id} name={name} defaultValue={start}>
        <option value="">{any}</option>
        {options.map((option) => <option key={option} value={option}>{text(option)}</option>)}
      </select>
    </div>
  );
}
