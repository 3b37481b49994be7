import { t } from '../i18n';
import type { SaveState } from './autosave';
import styles from './editor.module.css';

// Whether the text is safe, told without interrupting.
export function SaveStatus({ state }: { state: SaveState }) {
  const text = 'message' in state ? state.message : t.editor.states[state.kind];
  return <p className={styles.status} role="status" data-state={state.kind}>{text}</p>;
}
