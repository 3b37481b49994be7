import type { SaveState } from './autosave';
import styles from './editor.module.css';

const words = {
  saved: 'Saved',
  unsaved: 'Unsaved changes',
  saving: 'Saving…',
  offline: 'Offline. Keep this tab open; changes will be saved when you reconnect.',
  conflict: 'Conflict',
};

// Whether the text is safe, told without interrupting.
export function SaveStatus({ state }: { state: SaveState }) {
  const text = 'message' in state ? state.message : words[state.kind];
  return <p className={styles.status} role="status" data-state={state.kind}>{text}</p>;
}
