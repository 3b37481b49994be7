import type { SaveState } from './autosave';
import styles from './editor.module.css';

const words = {
  saved: 'Saved',
  unsaved: 'Not saved yet',
  saving: 'Saving …',
  offline: 'Offline: it stays here, and is saved when the server is back',
  conflict: 'Changed elsewhere',
};

// Whether the text is safe, told without interrupting.
export function SaveStatus({ state }: { state: SaveState }) {
  const text = 'message' in state ? state.message : words[state.kind];
  return <p className={styles.status} role="status" data-state={state.kind}>{text}</p>;
}
