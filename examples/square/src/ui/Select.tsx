import { FieldFrame, type FieldProps } from './FieldFrame';
import { languageOf } from './language';

interface Props extends FieldProps {
  options: readonly string[];
  start?: string;
  any: string; // the text of no choice
  text?: (option: string) => string;
}

// A labelled list to choose one value from, or none.
export function Select({ options, start = '', any, text = String, ...field }: Props) {
  return (
    <FieldFrame {...field}>
      {(control) => (
        <select key={options.length} {...control} defaultValue={start}>
          <option value="">{any}</option>
          {options.map((option) => <option key={option} value={option} lang={languageOf(text(option))}>{text(option)}</option>)}
        </select>
      )}
    </FieldFrame>
  );
}
