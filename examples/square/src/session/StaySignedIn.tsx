import { useId } from 'react';
import { t } from '../i18n';
import styles from './session.module.css';

// Whether the session is kept after the last tab. The form has it as "stays".
export function StaySignedIn() {
  const id = useId();
  return (
    <div className={styles.stay}>
      <label><input type="checkbox" name="stays" aria-describedby={id} /> {t.signing.stay}</label>
      <p id={id}>{t.signing.stayHint}</p>
    </div>
  );
}
