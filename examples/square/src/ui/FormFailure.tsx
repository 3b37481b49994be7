import type { Failure } from '../api/failure';
import styles from './ui.module.css';

// What failed about a form as a whole. What one of its fields is to blame for, that field shows.
export function FormFailure({ failure, fields }: { failure?: Failure; fields: readonly string[] }) {
  if (!failure || (failure.field && fields.includes(failure.field))) return null;
  return <p className={styles.wrong} role="alert">{failure.message}</p>;
}
