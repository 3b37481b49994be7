import { t } from '../i18n';
import styles from './ui.module.css';

// Stands in for lines that are on their way.
export function Waiting({ what, lines = 3 }: { what: string; lines?: number }) {
  return (
    <div className={styles.waiting} role="status" aria-label={t.wait.loading(what)}>
      {Array.from({ length: lines }, (_, line) => <span key={line} />)}
    </div>
  );
}
