import { useId, useState, type FormEvent, type KeyboardEvent } from 'react';
import { t } from '../i18n';
import { navigate } from '../routing/location';
import { paths } from '../routing/paths';
import styles from './search.module.css';
import { Suggestions } from './Suggestions';
import { useSuggestions, type Suggestion } from './useSuggestions';

// A search box with suggestions: a combobox with a listbox, as the ARIA practices have it.
export function SearchBox({ query }: { query: string }) {
  const id = useId();
  const [text, setText] = useState(query);
  const [typed, setTyped] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = useSuggestions(typed ? text : '');
  const open = typed && suggestions.length > 0;

  function close() {
    setTyped(false);
    setActive(-1);
  }

  function type(next: string) {
    setText(next);
    setTyped(true);
    setActive(-1);
  }

  function choose(suggestion: Suggestion) {
    close();
    setText('');
    navigate(addressOf(suggestion));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const suggestion = open ? suggestions[active] : undefined;
    if (suggestion) return choose(suggestion);
    close();
    if (text.trim()) navigate(paths.search(text.trim()));
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || !open) return; // the keys are the input method's
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') close();
    if (!step) return;
    event.preventDefault();
    const places = suggestions.length + 1; // one of them is the box itself
    setActive(((active + 1 + step + places) % places) - 1);
  }

  return (
    <form role="search" className={styles.box} onSubmit={submit} action="/search">
      <input
        type="search"
        name="q"
        role="combobox"
        aria-label={t.search.box}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
        autoComplete="off"
        placeholder={t.search.placeholder}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={press}
        onBlur={close}
      />
      <Suggestions id={id} open={open} active={active} suggestions={suggestions} onChoose={choose} />
    </form>
  );
}

function addressOf({ kind, text, document }: Suggestion): string {
  if (document) return paths.document(document.id);
  return paths.square(kind === 'CATEGORY' ? { category: text } : { tag: text });
}
