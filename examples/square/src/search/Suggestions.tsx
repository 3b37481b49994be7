import { t } from '../i18n';
import { count } from '../ui/count';
import { Text } from '../ui/Text';
import styles from './search.module.css';
import type { Suggestion } from './useSuggestions';

interface Props {
  id: string;
  open: boolean;
  active: number;
  suggestions: readonly Suggestion[];
  onChoose: (suggestion: Suggestion) => void;
}

export function Suggestions({ id, open, active, suggestions, onChoose }: Props) {
  return (
    <ul id={`${id}-list`} role="listbox" aria-label={t.search.suggestions} className={styles.suggestions} hidden={!open}>
      {suggestions.map((suggestion, index) => (
        <li
          key={`${suggestion.kind} ${suggestion.document?.id ?? suggestion.text}`}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()} // the box keeps the focus
          onClick={() => onChoose(suggestion)}
        >
          <Text of={suggestion.text} />
          <span className={styles.kind}>
            {t.search.kinds[suggestion.kind]}
            {suggestion.kind !== 'TITLE' && ` · ${count(suggestion.documents)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
