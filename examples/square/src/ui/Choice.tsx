import { useId } from 'react';
import styles from './ui.module.css';

interface Props<Value extends string> {
  label: string;
  name?: string;
  options: Readonly<Record<Value, string>>;
  value: Value;
  onChange: (value: Value) => void;
}

// One of a few values, all of which are in view.
export function Choice<Value extends string>({ label, name, options, value, onChange }: Props<Value>) {
  const id = useId();
  const entries = Object.entries(options) as [Value, string][];
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {entries.map(([option, text]) => (
        <label key={option}>
          <input type="radio" name={name ?? id} value={option} checked={option === value} onChange={() => onChange(option)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
