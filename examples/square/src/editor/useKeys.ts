import { useRef, type KeyboardEvent } from 'react';
import { actions, shortcuts } from './actions';
import { indent, outdent } from './markdown';
import { applyEdit, selectionOf } from './typing';

// The keys of the text area. Tab indents; after Escape it leaves the text area, as it does elsewhere.
export function useKeys(): (event: KeyboardEvent<HTMLTextAreaElement>) => void {
  const leaving = useRef(false);
  return (event) => {
    if (event.nativeEvent.isComposing || event.altKey || event.key === 'Shift') return;
    const box = event.currentTarget;
    const shortcut = event.ctrlKey !== event.metaKey && !event.shiftKey ? shortcuts[event.key.toLowerCase()] : undefined;
    const indents = event.key === 'Tab' && !leaving.current && !event.ctrlKey && !event.metaKey;
    leaving.current = event.key === 'Escape';
    if (!shortcut && !indents) return;
    event.preventDefault();
    if (shortcut) applyEdit(box, actions[shortcut](selectionOf(box)));
    else applyEdit(box, (event.shiftKey ? outdent : indent)(selectionOf(box)));
  };
}
