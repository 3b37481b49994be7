import { useState } from 'react';
import { t } from '../i18n';
import { Problem } from './Problem';
import styles from './ui.module.css';

// Gets the next page of a list.
export function More({ children = t.wait.more, onMore }: { children?: string; onMore: () => Promise<unknown> }) {
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState<unknown>();

  async function load() {
    setLoading(true);
    setError(undefined);
    await onMore().catch(setError);
    setLoading(false);
  }

  return (
    <div className={styles.more}>
      {error !== undefined && <Problem error={error} />}
      <button type="button" onClick={load} disabled={loading}>{loading ? t.wait.busy : children}</button>
    </div>
  );
}
