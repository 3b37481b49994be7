import { useId, useState } from 'react';
import { t } from '../i18n';
import styles from './ui.module.css';

interface Props {
  action: string; // such as "Delete"
  of: string; // what the action is about
  onConfirm: () => Promise<unknown>;
}

// A button for something that cannot be undone: it asks first. The caller shows the error.
export function Confirm({ action, of, onConfirm }: Props) {
  const id = useId();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);

  async function confirm() {
    setBusy(true);
    await onConfirm().catch(() => undefined);
    setBusy(false);
    setAsking(false);
  }

  if (!asking) return <button type="button" className="link" aria-label={t.confirm.named(action, of)} onClick={() => setAsking(true)}>{action}</button>;
  return (
    <div className={styles.confirm} role="group" aria-labelledby={id}>
      <span id={id}>{t.confirm.warning}</span>
      <button type="button" className="danger" disabled={busy} onClick={() => void confirm()}>{action}</button>
      <button type="button" autoFocus onClick={() => setAsking(false)}>{t.confirm.keep}</button>
    </div>
  );
}
