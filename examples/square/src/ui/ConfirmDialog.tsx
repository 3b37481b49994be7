import { useEffect, useId, useRef } from 'react';
import { failureOf } from '../api/failure';
import { t } from '../i18n';
import styles from './ui.module.css';

interface Props {
  title: string;
  text: string;
  action: string;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

// Asks before something that cannot be undone. Escape closes it, and the keyboard is back where it was.
export function ConfirmDialog({ title, text, action, busy, error, onConfirm, onClose }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={id} onCancel={onClose}>
      <h2 id={id}>{title}</h2>
      <p>{text}</p>
      {error !== undefined && <p className={styles.wrong} role="alert">{failureOf(error).message}</p>}
      <div>
        <button type="button" autoFocus onClick={onClose}>{t.confirm.keep}</button>
        <button type="button" className="danger" disabled={busy} onClick={onConfirm}>{action}</button>
      </div>
    </dialog>
  );
}
