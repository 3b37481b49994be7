import { failureOf } from '../api/failure';
import { t } from '../i18n';
import styles from './ui.module.css';

// What went wrong, and a way to try again where there is one.
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className={styles.problem} role="alert">
      <p>{failureOf(error).message}</p>
      {onRetry && <button type="button" onClick={onRetry}>{t.failure.tryAgain}</button>}
    </div>
  );
}
